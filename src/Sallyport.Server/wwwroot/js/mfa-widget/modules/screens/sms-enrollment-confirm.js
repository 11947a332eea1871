import { button } from '../dom.js';
import { phoneCodeView } from '../phone-code.js';

/** @type {import('../registry.js').Screen} */
export const smsEnrollmentConfirm = {
  factor: 'sms',
  step: 2,
  render(session, signal) {
    const group = 'smsEnrollmentConfirm';
    return phoneCodeView(session, signal, {
      group,
      buttonText: session.texts.get('defaults.confirmButtonText'),
      links: [button('text', session.texts.get(`${group}.changeNumber`), () => session.back('smsEnrollmentAddPhoneNumber'))],
      accepted: () => session.enrollmentConfirmed('sms'),
    });
  },
};
