const longestName = 40;

/**
 * The file in which a person keeps a recovery code.
 *
 * @param {import('./dictionary.js').Texts} texts
 * @param {{ tenant: string, tenantId: string, account: string }} owner
 * @param {string} code
 */
export function recoveryFile(texts, { tenant, tenantId, account }, code) {
  const t = (/** @type {string} */ key) => texts.get(`reportRecoveryCode.${key}`);
  const lines = [t('fileTitle'), ...(account ? [t('fileAccount')] : []), '', code, '', t('fileText'), ''];
  const prefix = safeName(tenant) || safeName(tenantId);
  return { name: `${prefix ? `${prefix}-` : ''}recovery-code.txt`, text: lines.join('\r\n') };
}

/**
 * Keeps letters and digits that every file system takes. A name in another script becomes empty.
 *
 * @param {string} text
 */
function safeName(text) {
  const words = text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().replaceAll('ß', 'ss').match(/[a-z0-9]+/g) ?? [];
  return words.join('-').slice(0, longestName).replace(/-$/, '');
}
