import { button } from '../dom.js';
import { successIcon } from '../success-icon.js';

/** @type {import('../registry.js').Screen} */
export const authCongrats = {
  render(session, _signal, { resumed = false } = {}) {
    const t = (/** @type {string} */ key) => session.texts.get(`authCongrats.${key}`);
    const view = { icon: successIcon(), heading: t(session.transaction?.confirmedFactor === 'push' ? 'congratsPush' : 'congrats') };
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
