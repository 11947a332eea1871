import { checkbox } from '../checkbox.js';
import { groups } from '../codes.js';
import { button, el, uniqueId } from '../dom.js';
import { recoveryFile } from '../recovery-file.js';
import { copyButton, secretText } from '../secret.js';

/** @type {import('../registry.js').Screen} */
export const reportRecoveryCode = {
  lastStep: true,
  render(session, signal, { code, isReplacement = false }) {
    const t = (/** @type {string} */ key) => session.texts.get(`reportRecoveryCode.${key}`);
    const text = secretText(code, { label: t('codeLabel'), columns: 3, attributes: { 'data-recovery-code': code } });
    return {
      heading: t('headerText'),
      intro: t(isReplacement ? 'introNew' : 'intro'),
      body: [
        el(
          'div',
          { class: 'sp-box' },
          text,
          el(
            'div',
            { class: 'sp-row sp-noprint' },
            copyButton(session, code, { label: t('copyButton'), text }),
            button('second', t('downloadButton'), () => download(session, code)),
            button('second', t('printButton'), () => window.print()),
          ),
        ),
        el('p', { class: 'sp-hint' }, t('keepSafe')),
        confirmation(session, signal, t),
      ],
    };
  },
};

/**
 * A box to tick and a button that continues only if it is ticked. The button is never disabled, so that it can say what is
 * missing.
 *
 * @param {import('../session.js').Session} session
 * @param {AbortSignal} signal
 * @param {(key: string) => string} t
 */
function confirmation(session, signal, t) {
  const { input, node } = checkbox(t('confirmationLabel'));
  const error = el('p', { class: 'sp-error', id: uniqueId('error') });
  input.setAttribute('aria-describedby', error.id);
  const proceed = () => {
    if (input.checked) {
      session.complete();
      return;
    }
    error.textContent = t('confirmFirst');
    session.frame.announce(error.textContent);
    input.focus();
  };
  input.addEventListener('change', () => {
    error.textContent = '';
  });
  input.addEventListener('keydown', (event) => {
    if (event.key === 'Enter') {
      event.preventDefault();
      proceed();
    }
  });
  window.addEventListener('beforeunload', (event) => input.checked || event.preventDefault(), { signal });
  return el('div', { class: 'sp-noprint' }, node, error, button('main', session.texts.get('defaults.continueButtonText'), proceed));
}

/**
 * @param {import('../session.js').Session} session
 * @param {string} code
 */
function download({ texts, options }, code) {
  const { name, text } = recoveryFile(texts, options, groups(code).join(' '));
  const address = URL.createObjectURL(new Blob([text], { type: 'text/plain' }));
  el('a', { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
