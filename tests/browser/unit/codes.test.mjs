import assert from 'node:assert/strict';
import { test } from 'node:test';
import { groups, readDigits, readLetters } from '../../../src/Sallyport.Server/wwwroot/js/mfa-widget/modules/codes.js';

const whole = [
  ['123456', '123456'],
  [' 123456 ', '123456'],
  ['123 456', '123456'],
  ['123-456', '123456'],
  ['12 34 56', '123456'],
  ['1 2 3 4 5 6', '123456'],
  ['123\u00a0456', '123456'],
  ['123\u202f456', '123456'],
  ['123\u2013456', '123456'],
  ['Your code is 482915. It is valid for 5 minutes.', '482915'],
  ['482915 is your Acme code, valid for 10 minutes', '482915'],
  ['G-482915 is your code', '482915'],
  ['Acme: 482 915 (do not share)', '482915'],
  ['At 12:30 on 2026-01-31 your code was 482915', '482915'],
  ['Call 1 800 555 0100 if this was not you: 482915', '482915'],
  ['482915 10', '482915'],
  ['Code:\n482915\n', '482915'],
  ['٤٨٢٩١٥', '482915'],
  ['۴۸۲۹۱۵', '482915'],
  ['४८२९१५', '482915'],
  ['４８２９１５', '482915'],
];

for (const [text, code] of whole) {
  test(`A code is found in ${JSON.stringify(text)}`, () => {
    assert.deepEqual(readDigits(text, 6), { value: code, complete: true });
  });
}

const partial = [
  ['', ''],
  ['1', '1'],
  ['12 34', '1234'],
  ['hello', ''],
  ['1a2b3', '123'],
];

for (const [text, value] of partial) {
  test(`${JSON.stringify(text)} is not a whole code`, () => {
    assert.deepEqual(readDigits(text, 6), { value, complete: false });
  });
}

test('Too many digits are cut and are not a whole code', () => {
  assert.deepEqual(readDigits('1234567', 6), { value: '123456', complete: false });
});

test('A longer code is read as a whole', () => {
  assert.deepEqual(readDigits('Code 1234 5678', 8), { value: '12345678', complete: true });
});

test('A recovery code is read in any grouping and case', () => {
  const code = { value: 'K7QM2XBV9PTD4WHN6RCJ8FZY', complete: true };

  assert.deepEqual(readLetters('K7QM2XBV9PTD4WHN6RCJ8FZY', 24), code);
  assert.deepEqual(readLetters('k7qm 2xbv 9ptd 4whn 6rcj 8fzy', 24), code);
  assert.deepEqual(readLetters('K7QM-2XBV-9PTD\n4WHN-6RCJ-8FZY', 24), code);
  assert.deepEqual(readLetters('my code: K7QM2XBV9PTD4WHN6RCJ8FZY!', 24), code);
});

test('Part of a recovery code is not complete', () => {
  assert.deepEqual(readLetters('k7qm 2x', 24), { value: 'K7QM2X', complete: false });
});

test('Groups contain every character', () => {
  assert.deepEqual(groups('ABCDEFGHIJ'), ['ABCD', 'EFGH', 'IJ']);
  assert.deepEqual(groups(''), []);
});
