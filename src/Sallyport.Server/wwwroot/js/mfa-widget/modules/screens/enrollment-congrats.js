import { whileBusy } from '../busy.js';
import { button, el } from '../dom.js';
import { successIcon } from '../success-icon.js';
import { supportContact } from '../support-contact.js';

/** @type {import('../registry.js').Screen} */
export const enrollmentCongrats = {
  render(session, _signal, { elsewhere = false } = {}) {
    const t = (/** @type {string} */ key) => session.texts.get(`enrollmentCongrats.${key}`);
    const view = { icon: successIcon(), heading: t('congrats') };
    if (elsewhere) {
      return { ...view, intro: t('elsewhere'), body: [supportContact(session, 'enrollmentCongrats.notYou')] };
    }
    if (!session.options.postActionURL) {
      return { ...view, intro: t('text'), body: [el('p', {}, t('close'))] };
    }
    const continueButton = button('main', t('continueButtonText'), () => {
      const busyLabel = session.texts.get('defaults.pleaseWait');
      whileBusy(continueButton, busyLabel, () => session.postResult()).catch((problem) => session.handleError(problem));
    });
    return { ...view, intro: t('text'), body: [continueButton] };
  },
};
