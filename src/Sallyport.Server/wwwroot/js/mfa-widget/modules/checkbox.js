import { el } from './dom.js';

/**
 * A checkbox inside its label, so that the whole line is its target.
 *
 * @param {string} label
 */
export function checkbox(label) {
  const input = el('input', { type: 'checkbox', class: 'sp-checkbox' });
  return { input, node: el('label', { class: 'sp-tick' }, input, el('span', {}, label)) };
}
