import { credentialNameView } from './credential-name.js';
import { credentialView } from './credential-view.js';
import { rememberBrowserBox } from './remember-browser.js';
import { platform } from './webauthn.js';

/** @typedef {'webauthn-roaming' | 'webauthn-platform'} Method */

const enrollmentGroup = 'webAuthnEnrollment';
const signInGroup = 'webAuthnAuth';

/**
 * A screen that registers a credential and then asks for its name.
 *
 * @param {string} screen its name
 * @param {Method} method
 * @returns {import('./registry.js').Screen}
 */
export function enrollmentScreen(screen, method) {
  const options = { screen, group: enrollmentGroup, method };
  return {
    factor: method,
    entry: 'enroll',
    group: enrollmentGroup,
    linkText: linkTextOf(enrollmentGroup, method),
    step: 1,
    render(session, signal, { name = '', ...details } = {}) {
      const accepted = (/** @type {Record<string, any>} */ answer) =>
        session.enrollmentConfirmed(method, { screen, name: String(answer.name ?? '') });
      return name ? credentialNameView(session, options, name) : credentialView(session, signal, { ...options, accepted }, details);
    },
  };
}

/**
 * A screen that signs a person in with a credential.
 *
 * @param {string} screen its name
 * @param {Method} method
 * @returns {import('./registry.js').Screen}
 */
export function signInScreen(screen, method) {
  return {
    factor: method,
    entry: 'authenticate',
    group: signInGroup,
    linkText: linkTextOf(signInGroup, method),
    render(session, signal, details = {}) {
      const options = {
        screen,
        group: signInGroup,
        method,
        extras: [rememberBrowserBox(session)],
        accepted: () => {
          session.saveProgress({ confirmedFactor: method });
          session.authenticated();
        },
      };
      return credentialView(session, signal, options, details);
    },
  };
}

/**
 * @param {string} group
 * @param {Method} method
 */
function linkTextOf(group, method) {
  return `${group}.linkText${method === platform ? 'Device' : ''}`;
}
