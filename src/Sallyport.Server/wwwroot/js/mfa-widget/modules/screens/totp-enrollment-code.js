import { CodeForm } from '../code-form.js';
import { readDigits } from '../codes.js';
import { button } from '../dom.js';

const length = 6;

/** @type {import('../registry.js').Screen} */
export const totpEnrollmentCode = {
  factor: 'otp',
  step: 2,
  render(session, signal, { onPhone }) {
    const t = (/** @type {string} */ key) => session.texts.get(`totpEnrollmentCode.${key}`, { length: String(length) });
    session.checkState(signal);
    const form = new CodeForm(session, signal, {
      kind: 'digits',
      length,
      read: readDigits,
      label: t('codePlaceholder'),
      hint: t('hint'),
      buttonText: session.texts.get('defaults.confirmButtonText'),
      formatError: 'invalidOtpFormat',
      submit: (code) => session.api.verifyOtp(code),
      accepted: () => session.enrollmentConfirmed(),
    });
    return {
      heading: t('headerText'),
      intro: t('intro'),
      body: [form.node],
      links: [button('text', t(onPhone ? 'backButtonTextPhone' : 'backButtonText'), () => session.back('totpEnrollment'))],
    };
  },
};
