/**
 * The languages of the widget, and the tag of their texts if that says more than the name. The server has the same list; a
 * test compares.
 *
 * @type {Record<string, { tag?: string }>}
 */
export const languages = {
  ar: {},
  de: {},
  en: {},
  es: {},
  fr: {},
  hi: {},
  it: {},
  ja: {},
  ko: {},
  nl: {},
  pl: {},
  pt: { tag: 'pt-BR' },
  tr: {},
  zh: { tag: 'zh-Hans' },
};

/** A page with its own texts may be in a language that the widget does not have. */
const rightToLeftScripts = new Set(['Arab', 'Hebr', 'Syrc', 'Thaa', 'Nkoo', 'Adlm']);

/** @param {string} tag the `lang` of a page, which may be anything */
function localeOf(tag) {
  try {
    return new Intl.Locale(tag.trim().replaceAll('_', '-')).maximize();
  } catch {
    return new Intl.Locale('en-Latn-US');
  }
}

/** @param {string} tag */
export function directionOf(tag) {
  return rightToLeftScripts.has(localeOf(tag).script ?? '') ? 'rtl' : 'ltr';
}

/**
 * @param {string} wanted
 * @returns {{ name: string, tag: string }} the name of the file, and the value for `lang`
 */
export function findLanguage(wanted) {
  const { language, script } = localeOf(wanted);
  const found = Object.hasOwn(languages, language) ? languages[language] : null;
  // Readers of traditional Chinese get English, because they may not read simplified characters.
  if (!found || (language === 'zh' && script !== 'Hans')) {
    return { name: 'en', tag: 'en' };
  }
  return { name: language, tag: found.tag ?? canonical(wanted) };
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
 * @param {(path: string) => string} asset gives the address of a file of the widget
 * @returns {Promise<{ language: string, dictionary: import('../dictionary.js').Dictionary }>}
 */
export async function loadLanguage(wanted, asset) {
  const { name, tag } = findLanguage(wanted);
  const { default: dictionary } = await import(asset(`modules/languages/${name}.js`));
  return { language: tag, dictionary };
}
