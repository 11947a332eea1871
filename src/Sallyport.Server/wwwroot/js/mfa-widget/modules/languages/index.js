/**
 * The languages that there are, each with a file beside this one, and what its texts are where that is more than the
 * name says. The script names them too, to ask for the right one early, and so does the server; tests compare.
 *
 * @type {Record<string, string>}
 */
export const languages = {
  ar: 'ar',
  de: 'de',
  en: 'en',
  es: 'es',
  fr: 'fr',
  hi: 'hi',
  it: 'it',
  ja: 'ja',
  ko: 'ko',
  nl: 'nl',
  pl: 'pl',
  pt: 'pt-BR',
  tr: 'tr',
  zh: 'zh-Hans',
};

/** A page with texts of its own may speak more languages than we do. */
const rightToLeft = new Set(['Arab', 'Hebr', 'Syrc', 'Thaa', 'Nkoo', 'Adlm']);

/** @param {string} tag which may be anything that a page has as its `lang` */
function localeOf(tag) {
  try {
    return new Intl.Locale(tag.trim().replaceAll('_', '-')).maximize();
  } catch {
    return new Intl.Locale('en-Latn-US');
  }
}

/** @param {string} tag */
export function directionOf(tag) {
  return rightToLeft.has(localeOf(tag).script ?? '') ? 'rtl' : 'ltr';
}

/**
 * @param {string} wanted
 * @returns {{ name: string, tag: string }} the file, and what `lang` says
 */
export function findLanguage(wanted) {
  const { language, script } = localeOf(wanted);
  const own = Object.hasOwn(languages, language) ? languages[language] : '';
  // Who reads the other script of Chinese is no more at home in this one than in English.
  if (!own || (language === 'zh' && script !== 'Hans')) {
    return { name: 'en', tag: 'en' };
  }
  return { name: language, tag: own === language ? canonical(wanted) : own };
}

/** @param {string} tag */
export function canonical(tag) {
  try {
    return Intl.getCanonicalLocales(tag.trim().replaceAll('_', '-'))[0] ?? 'en';
  } catch {
    return 'en';
  }
}

/**
 * @param {string} wanted
 * @returns {Promise<{ language: string, dictionary: import('../dictionary.js').Dictionary }>}
 */
export async function loadLanguage(wanted) {
  const { name, tag } = findLanguage(wanted);
  const { default: dictionary } = await import(`./${name}.js`);
  return { language: tag, dictionary };
}
