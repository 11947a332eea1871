/**
 * The languages of the widget: how to load each, and the tag of its texts if that says more than the name. The server has
 * the same list; a test compares.
 *
 * @type {Record<string, { load: () => Promise<{ default: import('../dictionary.js').Dictionary }>, tag?: string }>}
 */
export const languages = {
  ar: { load: () => import('./ar.js') },
  de: { load: () => import('./de.js') },
  en: { load: () => import('./en.js') },
  es: { load: () => import('./es.js') },
  fr: { load: () => import('./fr.js') },
  hi: { load: () => import('./hi.js') },
  it: { load: () => import('./it.js') },
  ja: { load: () => import('./ja.js') },
  ko: { load: () => import('./ko.js') },
  nl: { load: () => import('./nl.js') },
  pl: { load: () => import('./pl.js') },
  pt: { load: () => import('./pt.js'), tag: 'pt-BR' },
  tr: { load: () => import('./tr.js') },
  zh: { load: () => import('./zh.js'), tag: 'zh-Hans' },
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
 * @returns {Promise<{ language: string, dictionary: import('../dictionary.js').Dictionary }>}
 */
export async function loadLanguage(wanted) {
  const { name, tag } = findLanguage(wanted);
  const { default: dictionary } = await languages[name].load();
  return { language: tag, dictionary };
}
