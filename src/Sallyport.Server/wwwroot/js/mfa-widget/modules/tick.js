import { el } from './dom.js';

/**
 * A box to tick, with a label that is as easy to hit.
 *
 * @param {string} label
 */
export function tick(label) {
  const input = el('input', { type: 'checkbox', class: 'sp-checkbox' });
  return { input, node: el('label', { class: 'sp-tick' }, input, el('span', {}, label)) };
}
