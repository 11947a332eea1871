import { merge } from '../dictionary.js';
import en from './en.js';

/** Further languages: each is a file beside this one. English is under all of them and comes along at once. */
const others = /** @type {string[]} */ ([]);

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
  const name = [wanted.toLowerCase(), primary(wanted)].find((candidate) => others.includes(candidate));
  if (!name) {
    return { language: primary(wanted) === 'en' ? wanted : 'en', dictionary: en };
  }
  const { default: dictionary } = await import(`./${name}.js`);
  return { language: wanted, dictionary: merge(en, dictionary) };
}
