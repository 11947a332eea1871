import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';

const modules = new URL('../../../src/Sallyport.Server/wwwroot/js/mfa-widget/modules/', import.meta.url);
const { Texts } = await import(new URL('dictionary.js', modules));
const { entryScreens, groupOf, linkText, screens, stepOf } = await import(new URL('registry.js', modules));
const { default: en } = await import(new URL('languages/en.js', modules));

test('Every file in the folder of screens is registered', () => {
  const files = readdirSync(new URL('screens/', modules)).filter((name) => name !== 'index.js');
  const names = files.map((file) => file.slice(0, -'.js'.length).replace(/-(\w)/g, (_, letter) => letter.toUpperCase()));

  assert.deepEqual(Object.keys(screens).toSorted(), names.toSorted());
});

test('Every screen has its texts in its group', () => {
  for (const name of Object.keys(screens)) {
    assert.equal(typeof en[groupOf(name)], 'object', name);
    assert.equal(typeof screens[name].render, 'function', name);
  }
});

test('Methods without screens are left out, and the order is that of the server', () => {
  assert.deepEqual(entryScreens(['pigeon', 'otp', 'constructor'], 'enroll'), ['totpEnrollment']);
  assert.deepEqual(entryScreens(['push', 'otp'], 'enroll'), ['pushEnrollment', 'totpEnrollment']);
  assert.deepEqual(entryScreens(['recovery-code', 'otp'], 'authenticate'), ['recoveryCodeAuth', 'totpAuth']);
  assert.deepEqual(entryScreens(['email', 'otp'], 'authenticate'), ['emailAuth', 'totpAuth']);
  assert.deepEqual(entryScreens(['recovery-code'], 'enroll'), []);
});

test('The codes of a phone that gets messages have a screen of their own', () => {
  assert.deepEqual(entryScreens(['push', 'otp', 'recovery-code'], 'authenticate'), ['pushAuth', 'guardianTotpAuth', 'recoveryCodeAuth']);
  assert.deepEqual(entryScreens(['otp'], 'authenticate'), ['totpAuth']);
});

test('Every entry screen has a text for the link from every other one', () => {
  const texts = new Texts(en, 'en', {});
  for (const [methods, entry] of [['otp', 'email', 'webauthn-roaming', 'webauthn-platform', 'recovery-code'], ['push', 'otp', 'recovery-code']].flatMap((m) => [[m, 'enroll'], [m, 'authenticate']])) {
    const names = entryScreens(methods, entry);
    for (const [from, to] of names.flatMap((a) => names.filter((b) => b !== a).map((b) => [a, b]))) {
      assert.doesNotMatch(linkText(texts, from, to), /\.linkText/, `${from} → ${to}`);
    }
  }
  assert.match(linkText(texts, 'totpEnrollment', 'emailEnrollmentConfirm'), /email/);
  assert.match(linkText(texts, 'totpAuth', 'emailAuth'), /email/);
  assert.match(linkText(texts, 'totpAuth', 'webAuthnDeviceAuth'), /device/);
  assert.match(linkText(texts, 'webAuthnDeviceAuth', 'totpAuth'), /app/);
});

test('A link between two screens has the text of this pair, or the general one of the linked screen', () => {
  const texts = new Texts({ totpAuth: { useRecoveryCode: 'Pair' }, recoveryCodeAuth: { linkText: 'General' } }, 'en', {});

  assert.equal(linkText(texts, 'totpAuth', 'recoveryCodeAuth'), 'Pair');
  assert.equal(linkText(texts, 'otherAuth', 'recoveryCodeAuth'), 'General');
});

test('Only the screens of an enrollment are steps', () => {
  assert.deepEqual(stepOf('totpEnrollment', 'otp', true), { step: 1, steps: 3 });
  assert.deepEqual(stepOf('downloadApp', 'otp', true), { step: 1, steps: 3 });
  assert.deepEqual(stepOf('downloadPushApp', 'push', true), { step: 1, steps: 2 });
  assert.deepEqual(stepOf('totpEnrollmentCode', 'otp', true), { step: 2, steps: 3 });
  assert.deepEqual(stepOf('totpEnrollmentCode', 'otp', false), { step: 2, steps: 2 });
  assert.deepEqual(stepOf('reportRecoveryCode', 'otp', true), { step: 3, steps: 3 });
  assert.deepEqual(stepOf('emailEnrollmentConfirm', 'email', true), { step: 1, steps: 2 });
  assert.deepEqual(stepOf('reportRecoveryCode', 'email', true), { step: 2, steps: 2 });
  assert.equal(stepOf('generalError', 'otp', true), null);
  assert.equal(stepOf('totpAuth', 'otp', true), null);
});

test('Without a known factor the recovery code is not a step', () => {
  assert.equal(stepOf('reportRecoveryCode', '', true), null);
  assert.deepEqual(stepOf('reportRecoveryCode', 'otp', true), { step: 3, steps: 3 });
});
