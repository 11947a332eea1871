import { CodeForm } from '../code-form.js';
import { button } from '../dom.js';

/** @type {import('../registry.js').Screen} */
export const totpEnrollmentCode = {
  factor: 'otp',
  step: 2,
  render(session, signal, { onPhone = false } = {}) {
    const t = (/** @type {string} */ key) => session.texts.get(`totpEnrollmentCode.${key}`);
    session.checkState(signal);
    const form = new CodeForm(session, signal, {
      group: 'totpEnrollmentCode',
      kind: 'digits',
      length: 6,
      buttonText: session.texts.get('defaults.confirmButtonText'),
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
