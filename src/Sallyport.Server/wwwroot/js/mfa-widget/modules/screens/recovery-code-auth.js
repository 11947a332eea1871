import { alternativeLinks } from '../alternative-links.js';
import { CodeForm } from '../code-form.js';

/** @type {import('../registry.js').Screen} */
export const recoveryCodeAuth = {
  factor: 'recovery-code',
  entry: 'authenticate',
  link: 'useRecoveryCode',
  render(session, signal) {
    const t = (/** @type {string} */ key) => session.texts.get(`recoveryCodeAuth.${key}`);
    session.checkState(signal);
    const form = new CodeForm(session, signal, {
      group: 'recoveryCodeAuth',
      kind: 'letters',
      length: 24,
      buttonText: session.texts.get('defaults.continueButtonText'),
      submit: (code) => session.api.recoverAccount(code),
      accepted: (answer) => session.authenticated(String(answer.recovery_code ?? '')),
    });
    return {
      heading: t('headerText'),
      intro: t('intro'),
      body: [form.node],
      links: alternativeLinks(session, 'recoveryCodeAuth'),
    };
  },
};
