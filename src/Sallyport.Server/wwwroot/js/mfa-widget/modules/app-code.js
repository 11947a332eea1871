import { alternativeLinks } from './alternative-links.js';
import { CodeForm } from './code-form.js';
import { rememberBrowserBox } from './remember-browser.js';

/**
 * Builds a screen that asks for the code that an app shows.
 *
 * @param {import('./session.js').Session} session
 * @param {AbortSignal} signal
 * @param {string} group the name of the screen
 */
export function appCodeView(session, signal, group) {
  session.checkState(signal);
  const form = new CodeForm(session, signal, {
    group,
    kind: 'digits',
    length: 6,
    buttonText: session.texts.get('defaults.continueButtonText'),
    extras: [rememberBrowserBox(session)],
    submit: (code) => session.api.verifyOtp(code),
    accepted: () => session.authenticated(),
  });
  return {
    heading: session.texts.get(`${group}.headerText`),
    intro: session.texts.get(`${group}.intro`),
    body: [form.node],
    links: alternativeLinks(session, group),
  };
}
