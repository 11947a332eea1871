import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';

const folder = new URL('../../../src/Sallyport.Server/wwwroot/js/mfa-widget/modules/languages/', import.meta.url);
const { languages, findLanguage, directionOf } = await import(new URL('index.js', folder));

/** @param {string} name */
const load = async (name) => flatten((await import(new URL(`${name}.js`, folder))).default);

/** `a.b.c` → text */
function flatten(dictionary, prefix = '') {
  return Object.entries(dictionary).flatMap(([key, value]) =>
    typeof value === 'string' ? [[prefix + key, value]] : flatten(value, `${prefix}${key}.`));
}

/** Names of products and addresses, which are the same everywhere. */
const sameEverywhere = new Set(['downloadApp.iosUrl', 'downloadApp.androidUrl']);

/** In some languages the word is the English one, or the text is all names. */
const mayBeEqual = new Set(['downloadApp.iosLabel', 'downloadApp.androidLabel', 'reportRecoveryCode.fileAccount']);

/** Letters that a text in this script has; where a language is written in Latin letters there is nothing to tell. */
const scripts = { ar: /\p{Script=Arabic}/u, hi: /\p{Script=Devanagari}/u, ja: /[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}]/u, ko: /\p{Script=Hangul}/u, zh: /\p{Script=Han}/u };

const placeholders = (/** @type {string} */ text) => [...text.matchAll(/\{\w+\}/g)].map(([name]) => name).sort();

const english = await load('en');
const names = Object.keys(languages);

test('Every language that is named has a file, and every file is named', () => {
  const files = readdirSync(folder).filter((file) => file !== 'index.js').map((file) => file.replace('.js', ''));

  assert.deepEqual(files.sort(), names.toSorted());
  assert.equal(names.length, 14);
});

for (const name of names.filter((other) => other !== 'en')) {
  test(`${name} has the texts of English, no more and no fewer, in their order`, async () => {
    const texts = await load(name);

    assert.deepEqual(texts.map(([key]) => key), english.map(([key]) => key));
  });

  test(`${name} keeps every placeholder`, async () => {
    const texts = new Map(await load(name));

    for (const [key, text] of english) {
      assert.deepEqual(placeholders(texts.get(key)), placeholders(text), key);
    }
  });

  test(`${name} leaves no text in English, and none empty`, async () => {
    for (const [key, text] of await load(name)) {
      const original = new Map(english).get(key);
      assert.notEqual(text.trim(), '', key);
      if (sameEverywhere.has(key)) {
        assert.equal(text, original, key);
      } else if (!mayBeEqual.has(key)) {
        assert.notEqual(text, original, key);
        assert.match(text, scripts[name] ?? /\p{Script=Latin}/u, key);
      }
    }
  });

  test(`${name} says nothing in the words of our trade`, async () => {
    for (const [key, text] of await load(name)) {
      assert.doesNotMatch(text, /\b(?:OTP|TOTP|MFA|2FA|token|enrol?lment)\b/i, key);
      assert.doesNotMatch(text, /[<>]| {2}|'|\.\.\./, key);
    }
  });
}

test('A tag finds its language, its region kept for times and numbers', () => {
  assert.deepEqual(findLanguage('de-AT'), { name: 'de', tag: 'de-AT' });
  assert.deepEqual(findLanguage('es-419'), { name: 'es', tag: 'es-419' });
  assert.deepEqual(findLanguage('pt-PT'), { name: 'pt', tag: 'pt-BR' });
  assert.deepEqual(findLanguage('zh-CN'), { name: 'zh', tag: 'zh-Hans' });
});

for (const tag of ['zh-TW', 'sv', '', 'not a tag', '__proto__', 'constructor']) {
  test(`"${tag}" is read in English`, () => {
    assert.deepEqual(findLanguage(tag), { name: 'en', tag: 'en' });
  });
}

test('Arabic runs from right to left, and so does a page in Hebrew with texts of its own', () => {
  assert.deepEqual(['ar', 'ar-EG', 'he', 'fa'].map(directionOf), ['rtl', 'rtl', 'rtl', 'rtl']);
  assert.deepEqual(['en', 'zh', 'hi', 'nonsense!'].map(directionOf), ['ltr', 'ltr', 'ltr', 'ltr']);
});
