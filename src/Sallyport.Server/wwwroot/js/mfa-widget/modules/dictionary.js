/** @typedef {{ [key: string]: string | Dictionary }} Dictionary */

/**
 * Replaces texts of a dictionary by those of the page. Unknown keys and values that are not texts are ignored, so that a
 * mistake in one line of a page does not empty a screen.
 *
 * @param {Dictionary} own
 * @param {unknown} given
 * @returns {Dictionary}
 */
export function merge(own, given) {
  if (typeof given !== 'object' || given === null) {
    return own;
  }
  const replacements = new Map(Object.entries(given));
  return Object.fromEntries(
    Object.entries(own).map(([key, text]) => {
      const replacement = replacements.get(key);
      if (typeof text === 'object') {
        return [key, merge(text, replacement)];
      }
      return [key, typeof replacement === 'string' && replacement.trim() !== '' ? replacement : text];
    }),
  );
}

/** Tags in published dictionaries. The widget shows plain text, so they are removed. */
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
 * Puts a value between first-strong isolate and pop directional isolate (UAX 9) if it and the text around it may have
 * different directions, so that neither changes the order of the other.
 *
 * @param {string} value
 * @param {string} direction of the text
 */
export function isolate(value, direction) {
  return value && (direction === 'rtl' || rightToLeftLetter.test(value)) ? `\u2068${value}\u2069` : value;
}

/** The texts of one page: a dictionary, and the values that every text may contain. */
export class Texts {
  /**
   * @param {Dictionary} dictionary
   * @param {string} language
   * @param {Record<string, string>} values
   */
  constructor(dictionary, language, values) {
    this.dictionary = dictionary;
    this.language = language;
    this.values = values;
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
    return typeof found === 'string' ? fill(found, { ...this.values, ...values }) : undefined;
  }

  /** @param {number} seconds until the next try */
  tooManyAttempts(seconds) {
    const { wait, time } = this.wait(seconds);
    return this.get(`errorMessages.${time ? 'tooManyAttemptsTime' : 'tooManyAttemptsWait'}`, { wait, time: time ?? '' });
  }

  /**
   * For a sign-in that ends before the next try is possible.
   *
   * @param {number} seconds until the next try
   */
  signInAgain(seconds) {
    return this.get('errorMessages.tooManyAttemptsSignIn', { wait: this.wait(seconds).wait });
  }

  /**
   * Returns "in 6 minutes", and the time of day if the wait is long enough to look at a clock.
   *
   * @param {number} seconds
   * @returns {{ wait: string, time: string | null }}
   */
  wait(seconds) {
    // Codes have these digits in every language, so the numbers beside them do too.
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
