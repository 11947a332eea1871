import { button } from '../dom.js';
import { successIcon } from '../success-icon.js';

/** @type {import('../registry.js').Screen} */
export const authCongrats = {
  render(session) {
    const t = (/** @type {string} */ key) => session.texts.get(`authCongrats.${key}`);
    const view = { icon: successIcon(), heading: t('congrats') };
    if (!session.options.postActionURL) {
      return { ...view, intro: t('congratsNoRedirect') };
    }
    const post = () => session.postResult().catch((problem) => session.handleError(problem));
    void post();
    return { ...view, intro: t('text'), body: [button('main', t('continueButtonText'), post)] };
  },
};
