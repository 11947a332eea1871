import { button } from '../dom.js';
import { successIcon } from '../success-icon.js';

/** What to say, by the factor that has proved the sign-in. */
const texts = new Map([
  ['push', 'congratsPush'],
  ['webauthn-roaming', 'congratsKey'],
  ['webauthn-platform', 'congratsKey'],
  ['duo', 'congratsDuo'],
]);

/** @type {import('../registry.js').Screen} */
export const authCongrats = {
  render(session, _signal, { resumed = false } = {}) {
    const t = (/** @type {string} */ key) => session.texts.get(`authCongrats.${key}`);
    const view = { icon: successIcon(), heading: t(texts.get(session.transaction?.confirmedFactor ?? '') ?? 'congrats') };
    if (!session.options.postActionURL) {
      return { ...view, intro: t('congratsNoRedirect') };
    }
    const post = () => session.postResult().catch((problem) => session.handleError(problem));
    const continueButton = button('main', t('continueButtonText'), post);
    if (resumed) {
      // The application may have the result. The person, who has reloaded the page or gone back to it, decides whether it gets it again.
      return { ...view, body: [continueButton] };
    }
    void post();
    return { ...view, intro: t('text'), body: [continueButton] };
  },
};
