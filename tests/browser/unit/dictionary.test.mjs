import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';
import { fill, merge, Texts } from '../../../src/Sallyport.Server/wwwroot/js/mfa-widget/modules/dictionary.js';
import en from '../../../src/Sallyport.Server/wwwroot/js/mfa-widget/modules/languages/en.js';

const ours = { group: { one: 'One', two: 'Two' }, other: { deep: { text: 'Deep' } } };

test('A tenant replaces single texts and keeps the rest', () => {
  const merged = merge(ours, { group: { two: 'Zwei' }, other: { deep: { text: 'Tief' } } });

  assert.deepEqual(merged, { group: { one: 'One', two: 'Zwei' }, other: { deep: { text: 'Tief' } } });
  assert.equal(ours.group.two, 'Two');
});

for (const mistake of [undefined, null, 'text', 7, [], { group: 'text' }, { group: null }, { group: { one: 1, two: '' } }]) {
  test(`A dictionary that is ${JSON.stringify(mistake)} changes nothing`, () => {
    assert.deepEqual(merge(ours, mistake), ours);
  });
}

test('Unknown keys and prototypes stay out', () => {
  const merged = merge(ours, JSON.parse('{"__proto__":{"polluted":"yes"},"unknown":{"a":"b"},"group":{"constructor":"x"}}'));

  assert.deepEqual(merged, ours);
  assert.equal({}.polluted, undefined);
});

test('Placeholders are filled and unknown ones stay', () => {
  assert.equal(fill('{tenantName}: {code} {constructor}', { tenantName: 'Acme' }), 'Acme: {code} {constructor}');
});

test('A value is not read for placeholders again', () => {
  assert.equal(fill('{a} {b}', { a: '{b}', b: 'x' }), '{b} x');
});

test('Line breaks of published dictionaries become lines, their tags go, other text stays', () => {
  assert.equal(fill('One<br>two<BR />three <sms>four</sms> 1 < 2 <script>', {}), 'One\ntwo\nthree four 1 < 2 <script>');
});

test('A text that is missing shows its name', () => {
  const texts = new Texts(ours, 'en', {});

  assert.equal(texts.get('group.three'), 'group.three');
  assert.equal(texts.find('group.three'), undefined);
  assert.equal(texts.find('group.constructor'), undefined);
  assert.equal(texts.find('other.deep'), undefined);
});

test('A short wait is told in seconds, a long one in minutes with the time of day', () => {
  const texts = new Texts(ours, 'en-GB', {});

  assert.deepEqual(texts.wait(4.2), { wait: 'in 5 seconds', time: null });
  assert.equal(texts.wait(301).wait, 'in 6 minutes');
  assert.match(texts.wait(301).time, /^\d\d:\d\d$/);
});

const modules = new URL('../../../src/Sallyport.Server/wwwroot/js/mfa-widget/modules/', import.meta.url);

/** @param {object} dictionary */
function paths(dictionary, prefix = '') {
  return Object.entries(dictionary).flatMap(([key, value]) =>
    typeof value === 'string' ? [prefix + key] : paths(value, `${prefix}${key}.`),
  );
}

for (const file of readdirSync(new URL('languages/', modules)).filter((name) => name !== 'index.js' && name !== 'en.js')) {
  test(`${file} has the same texts as English, with the same placeholders`, async () => {
    const { default: dictionary } = await import(new URL(`languages/${file}`, modules));

    assert.deepEqual(paths(dictionary), paths(en));
    for (const path of paths(en)) {
      const [theirs, own] = [dictionary, en].map((from) => path.split('.').reduce((at, key) => at[key], from));
      assert.deepEqual(theirs.match(/\{\w+\}/g)?.sort(), own.match(/\{\w+\}/g)?.sort(), path);
    }
  });
}

test('Every dead end says what happened and what to do next', () => {
  const { headings, errorsRecoveryHelp } = en.generalError;

  for (const key of Object.keys(headings)) {
    assert.ok(en.errorMessages[key], key);
    assert.ok(errorsRecoveryHelp[key], key);
  }
});

test('No text says what only we would say', () => {
  for (const path of paths(en)) {
    const text = path.split('.').reduce((at, key) => at[key], en);
    assert.doesNotMatch(text, /\b(OTP|TOTP|MFA|2FA|token|enrol\w*)\b/i, path);
  }
});
