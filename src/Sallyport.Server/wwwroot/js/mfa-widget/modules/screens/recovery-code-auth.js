import { CodeForm } from '../code-form.js';
import { readLetters } from '../codes.js';
import { button } from '../dom.js';

const length = 24;

/** @type {import('../registry.js').Screen} */
export const recoveryCodeAuth = {
  factor: 'recovery-code',
  entry: 'authenticate',
  link: 'useRecoveryCode',
  render(session, signal) {
    const t = (/** @type {string} */ key) => session.texts.get(`recoveryCodeAuth.${key}`, { length: String(length) });
    session.checkState(signal);
    const form = new CodeForm(session, signal, {
      kind: 'letters',
      length,
      read: readLetters,
      label: t('codePlaceholder'),
      hint: t('hint'),
      buttonText: session.texts.get('defaults.continueButtonText'),
      formatError: 'invalidRecoveryCodeFormat',
      submit: (code) => session.api.recoverAccount(code),
      accepted: (answer) => session.authenticated(String(answer.recovery_code ?? '')),
    });
    return {
      heading: t('headerText'),
      intro: t('intro'),
      body: [form.node],
      links: session.alternatives('recoveryCodeAuth').map(({ label, screen }) => button('text', label, () => session.show(screen))),
    };
  },
};
