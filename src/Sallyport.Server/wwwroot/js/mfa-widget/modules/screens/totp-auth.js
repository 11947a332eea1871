import { alternativeLinks } from '../alternative-links.js';
import { CodeForm } from '../code-form.js';
import { rememberBrowserBox } from '../remember-browser.js';

/** @type {import('../registry.js').Screen} */
export const totpAuth = {
  factor: 'otp',
  entry: 'authenticate',
  link: 'useTotpFallback',
  render(session, signal) {
    const t = (/** @type {string} */ key) => session.texts.get(`totpAuth.${key}`);
    session.checkState(signal);
    const form = new CodeForm(session, signal, {
      group: 'totpAuth',
      kind: 'digits',
      length: 6,
      buttonText: session.texts.get('defaults.continueButtonText'),
      extras: [rememberBrowserBox(session)],
      submit: (code) => session.api.verifyOtp(code),
      accepted: () => session.authenticated(),
    });
    return {
      heading: t('headerText'),
      intro: t('intro'),
      body: [form.node],
      links: alternativeLinks(session, 'totpAuth'),
    };
  },
};
