import { button } from '../dom.js';
import { okMark } from '../mark.js';

/** @type {import('./index.js').Screen} */
export function authCongrats(session) {
  const t = (/** @type {string} */ key) => session.texts.get(`authCongrats.${key}`);
  const view = { mark: okMark(), heading: t('congrats') };
  if (!session.options.postActionURL) {
    return { ...view, intro: t('congratsNoRedirect') };
  }
  const finish = () => session.finish().catch((problem) => session.fail(problem));
  void finish();
  return { ...view, intro: t('text'), body: [button('main', t('continueButtonText'), finish)] };
}
