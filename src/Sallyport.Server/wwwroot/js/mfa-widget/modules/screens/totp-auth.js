import { CodeForm } from '../code-form.js';
import { readDigits } from '../codes.js';
import { button } from '../dom.js';
import { rememberBrowserBox } from '../remember-browser.js';

const length = 6;

/** @type {import('../registry.js').Screen} */
export const totpAuth = {
  factor: 'otp',
  entry: 'authenticate',
  link: 'useTotpFallback',
  render(session, signal) {
    const t = (/** @type {string} */ key) => session.texts.get(`totpAuth.${key}`, { length: String(length) });
    session.checkState(signal);
    const form = new CodeForm(session, signal, {
      kind: 'digits',
      length,
      read: readDigits,
      label: t('codePlaceholder'),
      buttonText: session.texts.get('defaults.continueButtonText'),
      formatError: 'invalidOtpFormat',
      extras: [rememberBrowserBox(session)],
      submit: (code) => session.api.verifyOtp(code),
      accepted: () => session.authenticated(),
    });
    return {
      heading: t('headerText'),
      intro: t('intro'),
      body: [form.node],
      links: session.alternatives('totpAuth').map(({ label, screen }) => button('text', label, () => session.show(screen))),
    };
  },
};
