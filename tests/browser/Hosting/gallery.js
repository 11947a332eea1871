/*
 * Shows every state of every screen of the widget on one page, without requests: the answers of the server are given here. `Gallery.cs` serves
 * this file beside the widget and walks through the states.
 */
import { isolate, Texts } from '/js/mfa-widget/modules/dictionary.js';
import { ApiError } from '/js/mfa-widget/modules/errors.js';
import { Frame } from '/js/mfa-widget/modules/frame.js';
import { directionOf, loadLanguage } from '/js/mfa-widget/modules/languages/index.js';
import english from '/js/mfa-widget/modules/languages/en.js';
import { Memory } from '/js/mfa-widget/modules/memory.js';
import { readOptions } from '/js/mfa-widget/modules/options.js';
import { PreviewApi } from '/js/mfa-widget/modules/preview.js';
import { Session } from '/js/mfa-widget/modules/session.js';
import { CeremonyError } from '/js/mfa-widget/modules/webauthn.js';

// Browsers limit how often a page may change its history.
history.pushState = () => {};
history.replaceState = () => {};

// As on a device with a fingerprint reader.
if (window.PublicKeyCredential) {
  PublicKeyCredential.isUserVerifyingPlatformAuthenticatorAvailable = async () => true;
}

const methods = ['push', 'otp', 'sms', 'email', 'webauthn-roaming', 'webauthn-platform', 'duo'];
const phone = { otp_length: 6, message_types: ['sms', 'voice'] };

const enrollment = {
  enrollment_tx_id: 'preview',
  available_enrollment_methods: methods,
  factor_settings: { phone, email: { otp_length: 6 } },
  device_account: {
    id: 'dev_1',
    status: 'confirmation_pending',
    otp_secret: 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ',
    recovery_code: 'ABCDEFGHJKLMNPQRSTUVWXYZ',
  },
};

const signIn = {
  factor_settings: { phone, email: { otp_length: 6 } },
  device_account: {
    status: 'confirmed',
    name: 'Ann’s Pixel 9 Pro',
    phone_number: 'XXXXXXXXX4567',
    available_authenticator_types: [...methods, 'recovery-code'],
  },
};

/** With push, another screen asks for the code of an app. */
const signInWithoutPush = {
  ...signIn,
  device_account: { ...signIn.device_account, available_authenticator_types: [...methods.slice(1), 'recovery-code'] },
};

const starts = { enrollment, signIn, signInWithoutPush };

const fails = (/** @type {number} */ status, /** @type {string} */ key, headers = {}) => async () => {
  throw new ApiError(status, key, headers);
};

const stops = (/** @type {string} */ reason) => async () => {
  throw new CeremonyError(reason);
};

const never = () => new Promise(() => {});

const press = (/** @type {Element} */ root) => root.querySelector('.sp-main').click();

const type = (/** @type {string} */ text) => (/** @type {Element} */ root) => {
  const input = root.querySelector('input:not([role]):not([type=checkbox])');
  input.value = text;
  input.dispatchEvent(new InputEvent('input', { bubbles: true }));
};

const openWays = (/** @type {Element} */ root) => root.querySelector('.sp-links .sp-disclosure button').click();

const submit = (/** @type {string} */ text) => (/** @type {Element} */ root) => {
  type(text)(root);
  press(root);
};

/** Duo sends the browser back with a reason in the address. */
const returnsFromDuo = (/** @type {string} */ reason) => () => (location.hash = `duo=${reason}`);

const sentLongAgo = () => ({ push: { sentAt: Date.now() - 44_999, bindingMessage: '' } });
const onPhone = () => ({ phone: { number: 'XXXXXXXXX4567', channel: 'sms' }, codesSentAt: { sms: Date.now() } });
const byCall = () => ({ phone: { number: 'XXXXXXXXX4567', channel: 'voice' }, codesSentAt: { sms: Date.now() } });
const longAgo = () => ({ phone: { number: 'XXXXXXXXX4567', channel: 'sms' }, codesSentAt: { sms: Date.now() - 60_000 } });

/**
 * @typedef {object} State
 * @property {keyof typeof starts} [start] what the server answers first; by default what fits the name of the screen
 * @property {object} [details] of the screen
 * @property {object} [given] options of the widget
 * @property {Record<string, Function>} [answers] of the server
 * @property {() => object} [progress] of the transaction
 * @property {() => void} [before]
 * @property {(root: Element, api: any) => unknown} [act] what happens then
 */

const keyScreens = Object.fromEntries(
  ['', 'Device'].flatMap((suffix) => [
    [`webAuthn${suffix}Enrollment`, {
      '': {},
      cancelled: { answers: { webAuthnChallenge: stops('cancelled') }, act: press },
      registered: { answers: { webAuthnChallenge: stops('registered') }, act: press },
      refused: { answers: { webAuthnChallenge: fails(403, 'invalidCredential') }, act: press },
      'wrong-page': { answers: { webAuthnChallenge: stops('wrongPage') }, act: press },
      unsupported: { answers: { webAuthnChallenge: stops('unsupported') }, act: press },
      locked: { answers: { webAuthnChallenge: fails(429, 'tooManyAttempts', { retryAfter: 300 }) }, act: press },
      name: { details: { name: suffix ? 'Device' : 'Security key' } },
      'name-empty': { details: { name: 'Security key' }, act: submit(' ') },
    }],
    [`webAuthn${suffix}Auth`, {
      '': {},
      cancelled: { answers: { webAuthnChallenge: stops('cancelled') }, act: press },
      refused: { answers: { webAuthnChallenge: fails(403, 'invalidCredential') }, act: press },
      'wrong-page': { answers: { webAuthnChallenge: stops('wrongPage') }, act: press },
      'no-connection': { answers: { webAuthnChallenge: fails(0, 'connectionError') }, act: press },
    }],
  ]),
);

/** The states by screen. The one without a name is the first. @type {Record<string, Record<string, State>>} */
const screens = {
  totpEnrollment: { '': {}, reopened: { progress: () => ({ reopened: true }) } },
  totpEnrollmentCode: { '': {}, wrong: { answers: { verifyOtp: fails(403, 'invalidOtp', { remaining: 3 }) }, act: type('000000') } },
  totpAuth: {
    '': { start: 'signInWithoutPush' },
    locked: {
      start: 'signInWithoutPush',
      answers: { verifyOtp: fails(429, 'tooManyAttempts', { retryAfter: 300 }) },
      act: type('000000'),
    },
  },
  downloadApp: { '': {} },
  downloadPushApp: {
    '': {},
    stores: { progress: () => ({ pushApp: { name: 'Ada’s Keys', appleLink: 'https://apps.apple.com/app/id1', googleLink: 'https://play.google.com/store/apps/details?id=a' } }), act: (root) => root.querySelector('[aria-expanded]')?.click() },
  },

  pushEnrollment: { '': {}, 'other-ways': { act: openWays } },
  pushAuth: {
    '': {},
    'other-ways': { act: openWays },
    number: { answers: { sendPush: async () => ({ binding_message: '47' }) } },
    'no-answer': { progress: sentLongAgo, act: () => new Promise((resolve) => setTimeout(resolve, 5)) },
    rejected: { answers: { transactionState: async () => ({ state: 'rejected' }) }, act: (_root, api) => api.notify() },
    'too-many': { answers: { sendPush: fails(429, 'tooManyRequests') } },
    halted: { answers: { sendPush: fails(403, 'pushHalted') } },
    'not-set-up': { answers: { sendPush: fails(404, 'notFound') } },
    'no-connection': { answers: { sendPush: fails(0, 'connectionError') } },
  },
  guardianTotpAuth: { '': {}, wrong: { answers: { verifyOtp: fails(403, 'invalidOtp') }, act: type('000000') } },

  smsEnrollmentAddPhoneNumber: {
    '': {},
    countries: { act: (root) => search(root, '') },
    'no-country': { act: (root) => search(root, 'qqq') },
    empty: { act: press },
    wrong: { answers: { enrollPhone: fails(400, 'invalidPhoneNumber') }, act: submit('0151 22') },
    exists: { answers: { enrollPhone: fails(409, 'enrollmentConflict') }, act: submit('0151 22222222') },
    'too-many': { answers: { enrollPhone: fails(429, 'tooManySms', { retryAfter: 600 }) }, act: submit('0151 22222222') },
    call: { progress: () => ({ phoneChannels: ['voice'] }) },
  },
  smsEnrollmentConfirm: {
    '': { progress: onPhone },
    call: { progress: byCall },
    wrong: { progress: longAgo, answers: { verifyOtp: fails(403, 'invalidOtp', { remaining: 2 }) }, act: type('000000') },
    'too-many': {
      progress: longAgo,
      answers: { sendSms: fails(429, 'tooManySms', { retryAfter: 600 }) },
      act: (root) => root.querySelector('.sp-links button').click(),
    },
  },
  smsAuth: {
    '': { progress: onPhone },
    'send-again': { progress: longAgo },
    'not-sent': { answers: { sendSms: fails(503, 'unavailable') } },
  },
  emailEnrollmentConfirm: { '': {} },
  emailAuth: { '': {}, wrong: { answers: { verifyOtp: fails(403, 'invalidOtp') }, act: type('000000') } },

  ...keyScreens,
  deviceOffer: {
    '': { start: 'signIn' },
    cancelled: { start: 'signIn', answers: { addOfferedFactor: stops('cancelled') }, act: press },
    failed: { start: 'signIn', answers: { addOfferedFactor: fails(404, 'notFound') }, act: press },
  },

  duoEnrollment: {
    '': {},
    refused: { before: returnsFromDuo('refused') },
    unavailable: { before: returnsFromDuo('unavailable') },
    'too-often': { answers: { startDuo: fails(429, 'tooManyRequests') }, act: press },
  },
  duoAuth: { '': {}, refused: { before: returnsFromDuo('refused') } },

  recoveryCodeAuth: {
    '': {},
    wrong: { answers: { recoverAccount: fails(403, 'invalidRecoveryCode') }, act: submit('ABCDEFGHJKLMNPQRSTUVWXYZ') },
    incomplete: { act: submit('ABCD') },
  },
  reportRecoveryCode: {
    '': { start: 'enrollment', details: { code: 'ABCDEFGHJKLMNPQRSTUVWXYZ' } },
    replaced: { start: 'signIn', details: { code: 'ABCDEFGHJKLMNPQRSTUVWXYZ', isReplacement: true } },
    unticked: { start: 'enrollment', details: { code: 'ABCDEFGHJKLMNPQRSTUVWXYZ' }, act: press },
  },
  enrollmentCongrats: Object.fromEntries(
    methods.map((factor) => [factor, { start: 'enrollment', progress: () => ({ confirmedFactor: factor }) }]),
  ),
  authCongrats: Object.fromEntries(
    ['otp', 'push', 'webauthn-roaming'].map((factor) => [factor, {
      start: 'signIn',
      given: { postActionURL: '/nowhere' },
      answers: { transactionState: never },
      progress: () => ({ confirmedFactor: factor }),
    }]),
  ),
  generalError: Object.fromEntries(
    Object.keys(english.generalError.headings).map((key) => [key, { start: 'enrollment', details: { key, action: 'start' } }]),
  ),
};

const states = new Map(
  Object.entries(screens).flatMap(([screen, named]) =>
    Object.entries(named).map(([name, state]) => [name ? `${screen}-${name}` : screen, { screen, ...state }])),
);

/** The names of all states. */
export const names = [...states.keys()];

/** Keys that no dictionary has, and so are shown in place of a text. */
const missing = new Set();

/** @type {Map<string, { language: string, dictionary: object }>} */
const dictionaries = new Map();

/**
 * Shows a state from the beginning.
 *
 * @param {string} name
 * @param {string} [language]
 */
export async function show(name, language = 'en') {
  const { screen, start = /Enrollment|download/.test(screen) ? 'enrollment' : 'signIn', ...state } = states.get(name);
  if (location.hash) {
    location.hash = '';
  }
  state.before?.();

  const signsIn = start !== 'enrollment';
  const options = readOptions({
    ...(signsIn ? { requestToken: 'preview' } : { ticket: 'preview' }),
    mfaServerUrl: location.origin,
    userData: { friendlyUserId: 'ada.lovelace@example.com', tenantFriendlyName: 'Ada & Sons Bank' },
    supportEmail: 'help@ada-and-sons.example',
    allowRememberBrowser: signsIn,
    ...state.given,
  });
  if (!dictionaries.has(language)) {
    dictionaries.set(language, await loadLanguage(language, (path) => `/js/mfa-widget/${path}`));
  }
  const { language: tag, dictionary } = dictionaries.get(language);
  const direction = directionOf(tag);
  Object.assign(document.documentElement, { lang: tag, dir: direction });
  const texts = new Texts(dictionary, tag, {
    tenantName: isolate(options.tenant, direction),
    account: isolate(options.account, direction),
    reference: isolate('req_0123456789', direction),
  });
  texts.get = (path, values) => texts.find(path, values) ?? (missing.add(path), path);

  const container = document.getElementById('container');
  container.replaceChildren();
  const frame = new Frame(container, options, texts, direction);
  const api = Object.assign(new PreviewApi(), {
    startFlow: async () => structuredClone(starts[start]),
    subscribe: (notify) => ((api.notify = notify), () => {}),
    notify: () => {},
    ...state.answers,
  });
  const session = new Session(options, api, frame, texts, new Memory(null, null, ''));
  await session.start();
  session.saveProgress(state.progress?.() ?? {});
  session.show(screen, state.details);
  await settle();
  await state.act?.(frame.root, api);
  await settle();
}

/**
 * Finds what is wrong with any state in a language.
 *
 * @param {string} language
 * @param {() => string[]} findLayoutProblems
 */
export async function findProblems(language, findLayoutProblems) {
  const problems = [];
  for (const name of names) {
    await show(name, language);
    const { textContent } = document.querySelector('.sp-card');
    const found = [...findLayoutProblems(), ...(textContent.match(/\{\w+\}|undefined|NaN/g) ?? []), ...missing];
    problems.push(...found.map((problem) => `${language} ${name}: ${problem}`));
    missing.clear();
  }
  return problems;
}

/** @param {Element} root @param {string} text */
function search(root, text) {
  const field = root.querySelector('[role=combobox]');
  field.focus();
  field.value = text;
  field.dispatchEvent(new InputEvent('input', { bubbles: true }));
}

/** Lets promises finish, without a pause in which the browser would draw the page. */
async function settle() {
  for (let i = 0; i < 30; i++) {
    await null;
  }
}
