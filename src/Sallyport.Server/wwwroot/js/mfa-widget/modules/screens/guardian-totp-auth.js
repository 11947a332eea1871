import { appCodeView } from '../app-code.js';

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
    return appCodeView(session, signal, 'guardianTotpAuth');
  },
};
