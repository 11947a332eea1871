import { emailCodeView } from '../email-code.js';

/** @type {import('../registry.js').Screen} */
export const emailEnrollmentConfirm = {
  factor: 'email',
  entry: 'enroll',
  step: 1,
  render(session, signal) {
    return emailCodeView(session, signal, {
      group: 'emailEnrollmentConfirm',
      buttonText: session.texts.get('defaults.confirmButtonText'),
      accepted: () => session.enrollmentConfirmed('email'),
    });
  },
};
