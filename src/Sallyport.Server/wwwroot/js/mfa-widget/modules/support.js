import { el, sentence } from './dom.js';

/**
 * Whom to ask, where the tenant has said so.
 *
 * @param {import('./session.js').Session} session
 * @param {string} [path] a text that names `{support}`, in place of the usual one
 */
export function supportLine({ options, texts }, path) {
  const [key, href, label] = options.supportEmail
    ? ['supportEmail', `mailto:${encodeURIComponent(options.supportEmail).replace('%40', '@')}`, options.supportEmail]
    : ['supportUrl', options.supportUrl, options.supportUrl.replace(/^https?:\/\/|\/$/g, '')];
  if (!href) {
    return null;
  }
  return el('p', {}, ...sentence(texts.get(path ?? `defaults.${key}`), { support: el('a', { class: 'sp-link', href }, label) }));
}
