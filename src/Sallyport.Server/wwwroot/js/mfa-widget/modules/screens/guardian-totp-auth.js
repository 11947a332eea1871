import { alternativeLinks } from '../alternative-links.js';
import { CodeForm } from '../code-form.js';
import { rememberBrowserBox } from '../remember-browser.js';

/**
 * The code that the app on the phone shows, for a person whose phone gets no message.
 *
 * @type {import('../registry.js').Screen}
 */
export const guardianTotpAuth = {
  factor: 'otp',
  entry: 'authenticate',
  beside: 'push',
  link: 'useTotpFallback',
  render(session, signal) {
    const t = (/** @type {string} */ key) => session.texts.get(`guardianTotpAuth.${key}`);
    session.checkState(signal);
    const form = new CodeForm(session, signal, {
      group: 'guardianTotpAuth',
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
      links: alternativeLinks(session, 'guardianTotpAuth'),
    };
  },
};
