import { button, el, uniqueId } from './dom.js';

/**
 * A text button that shows and hides content below itself.
 *
 * @param {string} label
 * @param {() => import('./dom.js').Child[]} fill called when it opens for the first time
 * @param {{ opened?: () => void }} [options]
 */
export function disclosure(label, fill, { opened } = {}) {
  const content = el('div', { class: 'sp-panel', id: uniqueId('panel'), hidden: true });
  const opener = button(
    'text',
    label,
    () => {
      const open = opener.getAttribute('aria-expanded') !== 'true';
      opener.setAttribute('aria-expanded', String(open));
      content.hidden = !open;
      if (open && content.childNodes.length === 0) {
        content.append(...fill().filter((child) => child instanceof Node));
        opened?.();
      }
    },
    { 'aria-expanded': 'false', 'aria-controls': content.id },
  );
  return el('div', { class: 'sp-disclosure' }, opener, content);
}
