import { groups } from './codes.js';
import { button, el } from './dom.js';

/**
 * A secret to read, select or copy: in groups of four for the eye, in one piece for the clipboard.
 *
 * @param {string} secret
 * @param {{ label: string, columns: 3 | 4, attributes?: Record<string, string> }} how
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
 * @param {{ label: string, shown: Element, copied?: () => void }} how
 */
export function copyButton(session, secret, { label, shown, copied }) {
  const node = button('second', label, async () => {
    copied?.();
    if (await copy(secret)) {
      confirm(node, label, session);
    } else {
      getSelection()?.selectAllChildren(shown);
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
function confirm(node, label, session) {
  node.textContent = session.texts.get('defaults.copied');
  node.classList.add('sp-confirmed');
  session.frame.announce(node.textContent);
  setTimeout(() => {
    node.textContent = label;
    node.classList.remove('sp-confirmed');
  }, 2500);
}

/**
 * The clipboard of the browser is there on safe origins only; a server in one's own network may not be one.
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
  const before = document.activeElement;
  const area = el('textarea', { class: 'sp-live', readonly: true }, text);
  document.body.append(area);
  area.select();
  const done = document.execCommand('copy');
  area.remove();
  if (before instanceof HTMLElement) {
    before.focus({ preventScroll: true });
  }
  return done;
}
