import { CodeForm } from '../code-form.js';
import { readDigits } from '../codes.js';
import { button } from '../dom.js';
import { rememberBox } from '../remember.js';

const length = 6;

/** @type {import('./index.js').Screen} */
export function totpAuth(session, signal) {
  const t = (/** @type {string} */ key) => session.texts.get(`totpAuth.${key}`, { length: String(length) });
  session.watch(signal);
  const form = new CodeForm(session, signal, {
    kind: 'digits',
    length,
    read: readDigits,
    label: t('codePlaceholder'),
    buttonText: session.texts.get('defaults.continueButtonText'),
    formatError: 'invalidOtpFormat',
    extras: [rememberBox(session)],
    submit: (code) => session.api.verifyOtp(code),
    done: () => session.authenticated(),
  });
  return {
    heading: t('headerText'),
    intro: t('intro'),
    body: [form.node],
    links: session.otherWays('totpAuth').map((way) => button('text', way.label, () => session.go(way.screen))),
  };
}
