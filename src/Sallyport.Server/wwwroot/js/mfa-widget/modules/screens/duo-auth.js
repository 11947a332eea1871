import { duoView } from '../duo.js';
import { rememberBrowserBox } from '../remember-browser.js';

/** @type {import('../registry.js').Screen} */
export const duoAuth = {
  factor: 'duo',
  entry: 'authenticate',
  render(session, signal) {
    return duoView(session, signal, { group: 'duoAuth', extras: [rememberBrowserBox(session)] });
  },
};
