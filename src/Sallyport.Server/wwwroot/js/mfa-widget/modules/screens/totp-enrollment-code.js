import { CodeForm } from '../code-form.js';
import { readDigits } from '../codes.js';
import { button } from '../dom.js';

const length = 6;

/** @type {import('./index.js').Screen} */
export function totpEnrollmentCode(session, signal, { onPhone }) {
  const t = (/** @type {string} */ key) => session.texts.get(`totpEnrollmentCode.${key}`, { length: String(length) });
  session.watch(signal);
  const form = new CodeForm(session, signal, {
    kind: 'digits',
    length,
    read: readDigits,
    label: t('codePlaceholder'),
    hint: t('hint'),
    buttonText: session.texts.get('defaults.confirmButtonText'),
    formatError: 'invalidOtpFormat',
    submit: (code) => session.api.verifyOtp(code),
    done: () => session.enrolled(),
  });
  return {
    heading: t('headerText'),
    intro: t('intro'),
    body: [form.node],
    links: [button('text', t(onPhone ? 'backButtonTextPhone' : 'backButtonText'), () => session.go('totpEnrollment'))],
  };
}
