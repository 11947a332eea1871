import { whileBusy } from '../busy.js';
import { button, el } from '../dom.js';
import { successIcon } from '../success-icon.js';
import { supportContact } from '../support-contact.js';

/** The text that says what happens at the next sign-in, by factor. */
const texts = {
  otp: 'text',
  email: 'textEmail',
  push: 'textPush',
  duo: 'textDuo',
  sms: 'textSms',
  'webauthn-roaming': 'textSecurityKey',
  'webauthn-platform': 'textDevice',
};

/** @type {import('../registry.js').Screen} */
export const enrollmentCongrats = {
  render(session, _signal, { elsewhere = false, savesOnPhone = false } = {}) {
    const t = (/** @type {string} */ key) => session.texts.get(`enrollmentCongrats.${key}`);
    if (savesOnPhone) {
      return finishOnPhone(session, t);
    }
    const view = { icon: successIcon(), heading: t('congrats') };
    if (elsewhere) {
      return { ...view, intro: t('elsewhere'), body: [supportContact(session, 'enrollmentCongrats.notYou')] };
    }
    const intro = t(texts[session.transaction?.confirmedFactor ?? 'otp']);
    if (!session.options.postActionURL) {
      return { ...view, intro, body: [el('p', {}, t('close'))] };
    }
    const continueButton = button('main', t('continueButtonText'), () => {
      const busyLabel = session.texts.get('defaults.pleaseWait');
      whileBusy(continueButton, busyLabel, () => session.postResult()).catch((problem) => session.handleError(problem));
    });
    return { ...view, intro, body: [continueButton] };
  },
};

/**
 * Shown on a desktop when the phone has enrolled: the recovery code is on the phone, and only the person knows whether it has
 * been saved.
 *
 * @param {import('../session.js').Session} session
 * @param {(key: string) => string} t
 */
function finishOnPhone(session, t) {
  return {
    heading: t('finishOnPhone'),
    intro: t('finishOnPhoneText'),
    body: [
      button('main', t('savedOnPhone'), () => session.show('enrollmentCongrats', { elsewhere: true })),
      el('p', { class: 'sp-hint' }, session.texts.get('generalError.lostRecoveryCode')),
      supportContact(session, 'enrollmentCongrats.notYou'),
    ],
  };
}
