import { emailCodeView } from '../email-code.js';
import { rememberBrowserBox } from '../remember-browser.js';

/** @type {import('../registry.js').Screen} */
export const emailAuth = {
  factor: 'email',
  entry: 'authenticate',
  render(session, signal) {
    return emailCodeView(session, signal, {
      group: 'emailAuth',
      buttonText: session.texts.get('defaults.continueButtonText'),
      extras: [rememberBrowserBox(session)],
      accepted: () => session.authenticated(),
    });
  },
};
