import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fill, merge, Texts } from '../../../src/Sallyport.Server/wwwroot/js/mfa-widget/modules/dictionary.js';
import en from '../../../src/Sallyport.Server/wwwroot/js/mfa-widget/modules/languages/en.js';

const ours = { group: { one: 'One', two: 'Two' }, other: { deep: { text: 'Deep' } } };

test('A page replaces single texts and keeps the others', () => {
  const merged = merge(ours, { group: { two: 'Zwei' }, other: { deep: { text: 'Tief' } } });

  assert.deepEqual(merged, { group: { one: 'One', two: 'Zwei' }, other: { deep: { text: 'Tief' } } });
  assert.equal(ours.group.two, 'Two');
});

for (const mistake of [undefined, null, 'text', 7, [], { group: 'text' }, { group: null }, { group: { one: 1, two: '' } }]) {
  test(`A dictionary that is ${JSON.stringify(mistake)} changes nothing`, () => {
    assert.deepEqual(merge(ours, mistake), ours);
  });
}

test('Unknown keys and prototypes are ignored', () => {
  const merged = merge(ours, JSON.parse('{"__proto__":{"polluted":"yes"},"unknown":{"a":"b"},"group":{"constructor":"x"}}'));

  assert.deepEqual(merged, ours);
  assert.equal({}.polluted, undefined);
});

test('Known placeholders are replaced, unknown ones stay', () => {
  assert.equal(fill('{tenantName}: {code} {constructor}', { tenantName: 'Acme' }), 'Acme: {code} {constructor}');
});

test('Placeholders in values are not replaced', () => {
  assert.equal(fill('{a} {b}', { a: '{b}', b: 'x' }), '{b} x');
});

test('The tags of published dictionaries are removed, <br> becomes a line break, other text stays', () => {
  assert.equal(fill('One<br>two<BR />three <sms>four</sms> 1 < 2 <script>', {}), 'One\ntwo\nthree four 1 < 2 <script>');
});

test('A missing text is replaced by its path', () => {
  const texts = new Texts(ours, 'en', {});

  assert.equal(texts.get('group.three'), 'group.three');
  assert.equal(texts.find('group.three'), undefined);
  assert.equal(texts.find('group.constructor'), undefined);
  assert.equal(texts.find('other.deep'), undefined);
});

test('A short wait is given in seconds, a long one in minutes with the time of day', () => {
  const texts = new Texts(ours, 'en-GB', {});

  assert.deepEqual(texts.wait(4.2), { wait: 'in 5 seconds', time: null });
  assert.equal(texts.wait(301).wait, 'in 6 minutes');
  assert.match(texts.wait(301).time, /^\d\d:\d\d$/);
});

/** @param {object} dictionary */
function paths(dictionary, prefix = '') {
  return Object.entries(dictionary).flatMap(([key, value]) =>
    typeof value === 'string' ? [prefix + key] : paths(value, `${prefix}${key}.`),
  );
}

test('Every terminal error says what happened and what to do next', () => {
  const { headings, errorsRecoveryHelp } = en.generalError;

  for (const key of Object.keys(headings)) {
    assert.ok(en.errorMessages[key], key);
    assert.ok(errorsRecoveryHelp[key], key);
  }
});

test('No text contains technical terms', () => {
  for (const path of paths(en)) {
    const text = path.split('.').reduce((at, key) => at[key], en);
    assert.doesNotMatch(text, /\b(OTP|TOTP|MFA|2FA|token|enrol\w*)\b/i, path);
  }
});
