/** A language is a file beside this one; the first is the one that is used when a page asks for another. */
const available = ['en'];

const rightToLeft = new Set(['ar', 'fa', 'he', 'ur']);

/** @param {string} language */
function primary(language) {
  return language.toLowerCase().split(/[-_]/)[0];
}

/** @param {string} language */
export function directionOf(language) {
  return rightToLeft.has(primary(language)) ? 'rtl' : 'ltr';
}

/**
 * @param {string} wanted
 * @returns {Promise<{ language: string, dictionary: import('../dictionary.js').Dictionary }>}
 */
export async function loadLanguage(wanted) {
  const asked = wanted.toLowerCase().replace('_', '-');
  const name = [asked, primary(asked)].find((candidate) => available.includes(candidate)) ?? available[0];
  const { default: dictionary } = await import(`./${name}.js`);
  return { language: name === primary(asked) ? wanted : name, dictionary };
}
