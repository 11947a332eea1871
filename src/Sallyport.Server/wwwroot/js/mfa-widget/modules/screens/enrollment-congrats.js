import { button, el } from '../dom.js';
import { okMark } from '../mark.js';
import { whileBusy } from '../pending.js';
import { supportLine } from '../support.js';

/** @type {import('./index.js').Screen} */
export function enrollmentCongrats(session, _signal, { elsewhere = false } = {}) {
  const t = (/** @type {string} */ key) => session.texts.get(`enrollmentCongrats.${key}`);
  const view = { mark: okMark(), heading: t('congrats') };
  if (elsewhere) {
    return { ...view, intro: t('elsewhere'), body: [supportLine(session, 'enrollmentCongrats.notYou')] };
  }
  if (!session.options.postActionURL) {
    return { ...view, intro: t('text'), body: [el('p', {}, t('close'))] };
  }
  const proceed = button('main', t('continueButtonText'), () => {
    const wait = session.texts.get('defaults.pleaseWait');
    whileBusy(proceed, wait, () => session.finish()).catch((problem) => session.fail(problem));
  });
  return { ...view, intro: t('text'), body: [proceed] };
}
