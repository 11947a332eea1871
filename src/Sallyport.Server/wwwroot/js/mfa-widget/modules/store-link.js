import { el } from './dom.js';

/**
 * @param {string} label
 * @param {string} address
 */
export function storeLink(label, address) {
  return el('a', { class: 'sp-button sp-second', href: address, target: '_blank', rel: 'noopener noreferrer' }, label);
}
