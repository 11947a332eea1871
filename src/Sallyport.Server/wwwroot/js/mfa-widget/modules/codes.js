/**
 * @typedef {object} ReadCode
 * @property {string} value what the field should show
 * @property {boolean} complete whether the value is a whole code
 */

/** The zeros of other decimal digits that keyboards write: Arabic, Persian, Devanagari, full width. */
const zeros = [0x0660, 0x06f0, 0x0966, 0xff10];

/** @param {string} text */
export function asciiDigits(text) {
  return text.replace(/\p{Nd}/gu, (digit) => {
    const point = /** @type {number} */ (digit.codePointAt(0));
    const zero = zeros.find((start) => point >= start && point <= start + 9);
    return zero === undefined ? digit : String(point - zero);
  });
}

/**
 * Finds the code in what a person typed or pasted: "123 456", "Your code is 123-456. It is valid for 5 minutes."
 *
 * @param {string} text
 * @param {number} length
 * @returns {ReadCode}
 */
export function readDigits(text, length) {
  const plain = asciiDigits(text);
  const numbers = plain.match(/[0-9]+(?:[ \u00a0\u2009\u202f\-\u2010-\u2015.][0-9]+)*/g) ?? [];
  const joined = numbers.map((number) => number.replace(/[^0-9]/g, ''));
  const found = [
    numbers.find((number) => number.length === length && /^[0-9]+$/.test(number)),
    joined.find((number) => number.length === length),
    plain.match(/[0-9]+/g)?.find((run) => run.length === length),
  ].find((code) => code !== undefined);
  if (found !== undefined) {
    return { value: found, complete: true };
  }
  const all = joined.join('');
  return { value: all.slice(0, length), complete: all.length === length };
}

/**
 * Reads a recovery code in any grouping and case.
 *
 * @param {string} text
 * @param {number} length
 * @returns {ReadCode}
 */
export function readLetters(text, length) {
  const runs = text.toUpperCase().match(/[A-Z0-9]+/g) ?? [];
  const whole = runs.find((run) => run.length === length);
  const value = whole ?? runs.join('').slice(0, length);
  return { value, complete: value.length === length };
}

/**
 * Splits a code into groups that are easy to read.
 *
 * @param {string} text
 * @param {number} [size]
 */
export function groups(text, size = 4) {
  return text.match(new RegExp(`.{1,${size}}`, 'g')) ?? [];
}
