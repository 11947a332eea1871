import { alternativeLinks } from '../alternative-links.js';
import { phoneCodeView } from '../phone-code.js';
import { rememberBrowserBox } from '../remember-browser.js';

/** @type {import('../registry.js').Screen} */
export const smsAuth = {
  factor: 'sms',
  entry: 'authenticate',
  render(session, signal) {
    return phoneCodeView(session, signal, {
      group: 'smsAuth',
      buttonText: session.texts.get('defaults.continueButtonText'),
      extras: [rememberBrowserBox(session)],
      links: alternativeLinks(session, 'smsAuth'),
      accepted: () => session.authenticated(),
    });
  },
};
