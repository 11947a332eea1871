import { appCodeView } from '../app-code.js';

/** @type {import('../registry.js').Screen} */
export const totpAuth = {
  factor: 'otp',
  entry: 'authenticate',
  link: 'useTotpFallback',
  render(session, signal) {
    return appCodeView(session, signal, 'totpAuth');
  },
};
