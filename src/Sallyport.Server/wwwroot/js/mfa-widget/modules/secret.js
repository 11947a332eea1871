import { groups } from './codes.js';
import { button, el } from './dom.js';

/**
 * A secret, shown in groups of four and copied without spaces.
 *
 * @param {string} secret
 * @param {{ label: string, columns: 3 | 4, attributes?: Record<string, string> }} options
 */
export function secretText(secret, { label, columns, attributes = {} }) {
  return el(
    'code',
    {
      class: `sp-secret sp-columns-${columns}`,
      role: 'group',
      dir: 'ltr',
      translate: 'no',
      'aria-label': label,
      oncopy: (/** @type {ClipboardEvent} */ event) => {
        event.clipboardData?.setData('text/plain', secret);
        event.preventDefault();
      },
      ...attributes,
    },
    ...groups(secret).map((group) => el('span', {}, group)),
  );
}

/**
 * @param {import('./session.js').Session} session
 * @param {string} secret
 * @param {{ label: string, text: Element, copied?: () => void }} options `text` is selected if the browser refuses to copy
 */
export function copyButton(session, secret, { label, text, copied }) {
  const node = button('second', label, async () => {
    copied?.();
    if (await copy(secret)) {
      confirmCopy(node, label, session);
    } else {
      getSelection()?.selectAllChildren(text);
      session.frame.announce(session.texts.get('defaults.copyByHand'));
    }
  });
  return node;
}

/**
 * @param {HTMLButtonElement} node
 * @param {string} label
 * @param {import('./session.js').Session} session
 */
function confirmCopy(node, label, session) {
  node.textContent = session.texts.get('defaults.copied');
  node.classList.add('sp-confirmed');
  session.frame.announce(node.textContent);
  setTimeout(() => {
    node.textContent = label;
    node.classList.remove('sp-confirmed');
  }, 2500);
}

/**
 * Browsers offer the Clipboard API only on secure origins, which a server in a private network may not be.
 *
 * @param {string} text
 */
async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyBySelection(text);
  }
}

/** @param {string} text */
function copyBySelection(text) {
  const focused = document.activeElement;
  const area = el('textarea', { class: 'sp-live', readonly: true }, text);
  document.body.append(area);
  area.select();
  const done = document.execCommand('copy');
  area.remove();
  if (focused instanceof HTMLElement) {
    focused.focus({ preventScroll: true });
  }
  return done;
}
