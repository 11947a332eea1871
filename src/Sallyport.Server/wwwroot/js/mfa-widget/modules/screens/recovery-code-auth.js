import { CodeForm } from '../code-form.js';
import { readLetters } from '../codes.js';
import { button } from '../dom.js';

const length = 24;

/** @type {import('./index.js').Screen} */
export function recoveryCodeAuth(session, signal) {
  const t = (/** @type {string} */ key) => session.texts.get(`recoveryCodeAuth.${key}`, { length: String(length) });
  session.watch(signal);
  const form = new CodeForm(session, signal, {
    kind: 'letters',
    length,
    read: readLetters,
    label: t('codePlaceholder'),
    hint: t('hint'),
    buttonText: session.texts.get('defaults.continueButtonText'),
    formatError: 'invalidRecoveryCodeFormat',
    submit: (code) => session.api.recoverAccount(code),
    done: (answer) => session.authenticated(String(answer.recovery_code ?? '')),
  });
  return {
    heading: t('headerText'),
    intro: t('intro'),
    body: [form.node],
    links: session.otherWays('recoveryCodeAuth').map((way) => button('text', way.label, () => session.go(way.screen))),
  };
}
