import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
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

/** Addresses, which are the same in every language. */
const sameEverywhere = new Set(['downloadApp.iosUrl', 'downloadApp.androidUrl']);

/** Texts that consist of names, or of a word that some languages share with English. */
const mayBeEqual = new Set(['downloadApp.iosLabel', 'downloadApp.androidLabel', 'reportRecoveryCode.fileAccount']);

/** The letters of languages that are not written in Latin letters. */
const scripts = { ar: /\p{Script=Arabic}/u, hi: /\p{Script=Devanagari}/u, ja: /[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}]/u, ko: /\p{Script=Hangul}/u, zh: /\p{Script=Han}/u };

const placeholders = (/** @type {string} */ text) => [...text.matchAll(/\{\w+\}/g)].map(([name]) => name).sort();

const english = await load('en');
const names = Object.keys(languages);

test('The list of languages and the files agree', () => {
  const files = readdirSync(folder).filter((file) => file !== 'index.js').map((file) => file.replace('.js', ''));

  assert.deepEqual(files.sort(), names.toSorted());
  assert.equal(names.length, 14);
});

for (const name of names.filter((other) => other !== 'en')) {
  test(`${name} has exactly the keys of English, in the same order`, async () => {
    const texts = await load(name);

    assert.deepEqual(texts.map(([key]) => key), english.map(([key]) => key));
  });

  test(`${name} has every placeholder of English`, async () => {
    const texts = new Map(await load(name));

    for (const [key, text] of english) {
      assert.deepEqual(placeholders(texts.get(key)), placeholders(text), key);
    }
  });

  test(`${name} has no text that is English or empty`, async () => {
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

  test(`${name} avoids technical terms and typewriter punctuation`, async () => {
    for (const [key, text] of await load(name)) {
      assert.doesNotMatch(text, /\b(?:OTP|TOTP|MFA|2FA|token|enrol?lment)\b/i, key);
      assert.doesNotMatch(text, /[<>]| {2}|'|\.\.\./, key);
    }
  });
}

/** The familiar forms of the languages in which every text addresses the person formally. */
const familiar = {
  de: ['du', 'dir', 'dich', 'dein', 'deine', 'deinem', 'deinen', 'deiner'],
  es: ['tú', 'tu', 'tus', 'te', 'ti', 'usa', 'inténtalo', 'puedes'],
  fr: ['tu', 'ton', 'ta', 'tes', 'toi'],
  it: ['tuo', 'tua', 'tuoi', 'tue', 'ti', 'te', 'sei', 'puoi', 'hai'],
  nl: ['je', 'jij', 'jou', 'jouw'],
};

const serverTexts = new URL('../../../src/Sallyport.Server/Languages/Texts/', import.meta.url);

for (const [name, words] of Object.entries(familiar)) {
  test(`${name} addresses the person formally, in the widget and in the texts of the server`, async () => {
    const texts = [...(await load(name)), ...Object.entries(JSON.parse(readFileSync(new URL(`${name}.json`, serverTexts), 'utf8')))];

    for (const [key, text] of texts) {
      const used = text.toLowerCase().split(/[^\p{L}]+/u);
      assert.deepEqual(words.filter((word) => used.includes(word)), [], `${key}: ${text}`);
    }
  });
}

/** Texts that are shown whatever the person's second step is. */
const forEveryFactor = [
  'reportRecoveryCode.intro', 'reportRecoveryCode.introNew', 'recoveryCodeAuth.intro', 'enrollmentCongrats.finishOnPhoneText',
  ...['alreadyEnrolled', 'invalidToken', 'ticketUsed'].map((error) => `generalError.errorsRecoveryHelp.${error}`),
];

/** The word for an app in each language. */
const app = /\bapp|aplikac|uygulama|アプリ|앱|应用|ऐप|تطبيق/iu;

for (const name of names) {
  test(`${name} mentions no app where people who get codes by email read it, too`, async () => {
    const texts = new Map(await load(name));

    assert.match(texts.get('totpEnrollmentCode.headerText'), app);
    for (const key of forEveryFactor) {
      assert.doesNotMatch(texts.get(key), app, key);
    }
  });
}

test('In Arabic no colon stands between two directions, where it would be displayed at the wrong end', async () => {
  for (const [key, text] of await load('ar')) {
    if (!sameEverywhere.has(key)) {
      assert.doesNotMatch(text, /:\s*[{A-Za-z]|[}A-Za-z]\s*:/, key);
    }
  }
});

test('A tag finds its language and keeps its region, which decides about times and numbers', () => {
  assert.deepEqual(findLanguage('de-AT'), { name: 'de', tag: 'de-AT' });
  assert.deepEqual(findLanguage('es-419'), { name: 'es', tag: 'es-419' });
  assert.deepEqual(findLanguage('pt-PT'), { name: 'pt', tag: 'pt-BR' });
  assert.deepEqual(findLanguage('zh-CN'), { name: 'zh', tag: 'zh-Hans' });
});

for (const tag of ['zh-TW', 'sv', '', 'not a tag', '__proto__', 'constructor']) {
  test(`English is the language for "${tag}"`, () => {
    assert.deepEqual(findLanguage(tag), { name: 'en', tag: 'en' });
  });
}

test('Arabic, Hebrew and Persian are written from right to left', () => {
  assert.deepEqual(['ar', 'ar-EG', 'he', 'fa'].map(directionOf), ['rtl', 'rtl', 'rtl', 'rtl']);
  assert.deepEqual(['en', 'zh', 'hi', 'nonsense!'].map(directionOf), ['ltr', 'ltr', 'ltr', 'ltr']);
});
