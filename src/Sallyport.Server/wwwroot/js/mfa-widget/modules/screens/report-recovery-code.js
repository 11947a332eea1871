import { groups } from '../codes.js';
import { button, el, uniqueId } from '../dom.js';
import { copyButton, secretText } from '../secret.js';
import { tick } from '../tick.js';

/** @type {import('./index.js').Screen} */
export function reportRecoveryCode(session, signal, { code, next, fresh = false }) {
  const t = (/** @type {string} */ key) => session.texts.get(`reportRecoveryCode.${key}`);
  const shown = secretText(code, { label: t('codeLabel'), columns: 3, attributes: { 'data-recovery-code': code } });
  return {
    heading: t('headerText'),
    intro: t(fresh ? 'introNew' : 'intro'),
    body: [
      el(
        'div',
        { class: 'sp-box' },
        shown,
        el(
          'div',
          { class: 'sp-row sp-noprint' },
          copyButton(session, code, { label: t('copyButton'), shown }),
          button('second', t('downloadButton'), () => download(session, code)),
          button('second', t('printButton'), () => window.print()),
        ),
      ),
      el('p', { class: 'sp-hint' }, t('keepSafe')),
      ...confirmation(session, signal, t, next),
    ],
  };
}

/**
 * @param {import('../session.js').Session} session
 * @param {AbortSignal} signal
 * @param {(key: string) => string} t
 * @param {() => void} next
 */
function confirmation(session, signal, t, next) {
  const { input, node } = tick(t('confirmationLabel'));
  const reason = el('p', { class: 'sp-error', id: uniqueId('reason') });
  const proceed = button('main', session.texts.get('defaults.continueButtonText'), next, { disabled: true });
  const explain = () => {
    if (!input.checked) {
      reason.textContent = t('confirmFirst');
      session.frame.announce(reason.textContent);
      input.setAttribute('aria-describedby', reason.id);
      input.focus();
    }
  };
  input.addEventListener('change', () => {
    proceed.disabled = !input.checked;
    reason.textContent = '';
  });
  input.addEventListener('keydown', (event) => {
    if (event.key === 'Enter') {
      event.preventDefault();
      (input.checked ? next : explain)();
    }
  });
  window.addEventListener('beforeunload', (event) => input.checked || event.preventDefault(), { signal });
  // A disabled button swallows clicks, so the element around it listens: whoever tries is told why.
  return [el('div', { class: 'sp-noprint' }, node, reason, el('div', { class: 'sp-gate', onclick: explain }, proceed))];
}

/**
 * @param {import('../session.js').Session} session
 * @param {string} code
 */
function download(session, code) {
  const t = (/** @type {string} */ key) => session.texts.get(`reportRecoveryCode.${key}`);
  const lines = [
    t('fileTitle'),
    ...(session.options.account ? [t('fileAccount')] : []),
    '',
    groups(code).join(' '),
    '',
    t('fileText'),
    '',
  ];
  const address = URL.createObjectURL(new Blob([lines.join('\r\n')], { type: 'text/plain' }));
  el('a', { href: address, download: 'sallyport-recovery-code.txt' }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
