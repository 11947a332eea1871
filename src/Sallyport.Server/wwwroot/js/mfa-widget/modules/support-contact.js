import { el, sentence } from './dom.js';

/**
 * A line with the tenant's support contact, or null if the tenant has none.
 *
 * @param {import('./session.js').Session} session
 * @param {string} [path] of a text that contains `{support}`, in place of the usual one
 */
export function supportContact({ options, texts }, path) {
  const [key, href, label] = options.supportEmail
    ? ['supportEmail', `mailto:${encodeURIComponent(options.supportEmail).replace('%40', '@')}`, options.supportEmail]
    : ['supportUrl', options.supportUrl, options.supportUrl.replace(/^https?:\/\/|\/$/g, '')];
  if (!href) {
    return null;
  }
  const link = el('bdi', {}, el('a', { class: 'sp-link', href }, label));
  return el('p', {}, ...sentence(texts.get(path ?? `defaults.${key}`), { support: link }));
}
