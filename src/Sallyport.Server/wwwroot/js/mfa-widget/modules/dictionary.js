/** @typedef {{ [key: string]: string | Dictionary }} Dictionary */

/**
 * A tenant's own texts over ours. Keys that we do not know are kept out, as are values that are not texts:
 * a mistake in one line of a tenant's page must not empty a screen.
 *
 * @param {Dictionary} ours
 * @param {unknown} theirs
 * @returns {Dictionary}
 */
export function merge(ours, theirs) {
  if (typeof theirs !== 'object' || theirs === null) {
    return ours;
  }
  const given = new Map(Object.entries(theirs));
  return Object.fromEntries(
    Object.entries(ours).map(([key, own]) => {
      const other = given.get(key);
      if (typeof own === 'object') {
        return [key, merge(own, other)];
      }
      return [key, typeof other === 'string' && other.trim() !== '' ? other : own];
    }),
  );
}

/** Tags that published dictionaries carry; texts are shown as text, so they go. */
const tags = /<\/?(?:b|i|em|strong|span|sms|ga|push|manualInput|recovery|iddleHelp)\s*\/?>/gi;

/**
 * @param {string} template
 * @param {Record<string, string>} values
 */
export function fill(template, values) {
  return template
    .replace(/<br\s*\/?>/gi, '\n')
    .replace(tags, '')
    .replace(/\{(\w+)\}/g, (whole, name) => (Object.hasOwn(values, name) ? values[name] : whole));
}

const rightToLeftLetter = /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}]/u;

/**
 * A name within a text keeps its own order and leaves that of the text alone: between first-strong isolate and pop
 * directional isolate (UAX 9), where the two may run against each other.
 *
 * @param {string} value
 * @param {string} direction of the text
 */
export function isolate(value, direction) {
  return value && (direction === 'rtl' || rightToLeftLetter.test(value)) ? `\u2068${value}\u2069` : value;
}


/** The texts of one page: a dictionary, and what every text may name. */
export class Texts {
  /**
   * @param {Dictionary} dictionary
   * @param {string} language
   * @param {Record<string, string>} always
   */
  constructor(dictionary, language, always) {
    this.dictionary = dictionary;
    this.language = language;
    this.always = always;
  }

  /**
   * @param {string} path as in `totpEnrollment.headerText`
   * @param {Record<string, string>} [values]
   */
  get(path, values = {}) {
    return this.find(path, values) ?? path;
  }

  /**
   * @param {string} path
   * @param {Record<string, string>} [values]
   */
  find(path, values = {}) {
    /** @type {string | Dictionary | undefined} */
    let found = this.dictionary;
    for (const key of path.split('.')) {
      found = typeof found === 'object' && Object.hasOwn(found, key) ? found[key] : undefined;
    }
    return typeof found === 'string' ? fill(found, { ...this.always, ...values }) : undefined;
  }

  /**
   * "in 6 minutes", and the time of day when the wait is long enough to look at a clock.
   *
   * @param {number} seconds
   * @returns {{ wait: string, time: string | null }}
   */
  wait(seconds) {
    // Codes are in these digits everywhere, so the numbers beside them are too.
    const locale = new Intl.Locale(this.language, { numberingSystem: 'latn' });
    const relative = new Intl.RelativeTimeFormat(locale);
    if (seconds < 90) {
      return { wait: relative.format(Math.ceil(seconds), 'second'), time: null };
    }
    const clock = new Intl.DateTimeFormat(locale, { timeStyle: 'short' });
    const end = new Date(Math.ceil((Date.now() + seconds * 1000) / 60_000) * 60_000);
    return { wait: relative.format(Math.ceil(seconds / 60), 'minute'), time: clock.format(end) };
  }
}
