import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApiError, keyOf, tooManyKeyOf } from '../../../src/Sallyport.Server/wwwroot/js/mfa-widget/modules/errors.js';
import { firstScreen, terminalErrorOf } from '../../../src/Sallyport.Server/wwwroot/js/mfa-widget/modules/flow.js';
import { lifetimeOf, readTransaction } from '../../../src/Sallyport.Server/wwwroot/js/mfa-widget/modules/transaction.js';

const pending = {
  transaction_token: 'a.b.c',
  enrollment_tx_id: 'tx',
  device_account: { id: 'dev_1', status: 'confirmation_pending', otp_secret: 'SECRET', recovery_code: 'CODE' },
  available_enrollment_methods: ['pigeon', 'otp'],
};
const enrolled = {
  transaction_token: 'a.b.c',
  device_account: { status: 'confirmed', available_authenticator_types: ['otp', 'recovery-code'] },
};
const first = (answer, byTicket) => firstScreen(readTransaction(answer), byTicket);

test('A user who is not enrolled enrolls with the first method that has screens', () => {
  assert.deepEqual(first(pending, true), { screen: 'totpEnrollment' });
});

test('With email as the only method the person goes straight to it', () => {
  assert.deepEqual(first({ ...pending, available_enrollment_methods: ['email'] }, true), { screen: 'emailEnrollmentConfirm' });
  assert.deepEqual(
    first({ device_account: { available_authenticator_types: ['email', 'recovery-code'] } }, false),
    { screen: 'emailAuth' },
  );
});

test('The length of email codes is that of the tenant, if it is a possible one', () => {
  const lengthOf = (otp_length) => readTransaction({ factor_settings: { email: { otp_length } } }).emailCodeLength;

  assert.deepEqual([6, 8, 10].map(lengthOf), [6, 8, 10]);
  assert.deepEqual([5, 11, 6.5, '8', null, undefined].map(lengthOf), [6, 6, 6, 6, 6, 6]);
  assert.equal(readTransaction({}).emailCodeLength, 6);
});

test('An enrolled user authenticates', () => {
  assert.deepEqual(first(enrolled, false), { screen: 'totpAuth' });
});

test('The ticket of an enrolled user is a terminal error', () => {
  assert.deepEqual(first(enrolled, true), { error: 'alreadyEnrolled' });
});

test('Without a method that has screens there is a terminal error', () => {
  assert.deepEqual(first({ ...pending, available_enrollment_methods: [] }, true), { error: 'noMethodAvailable' });
  assert.deepEqual(first({ ...pending, available_enrollment_methods: undefined }, true), { error: 'noMethodAvailable' });
  assert.deepEqual(first({ ...pending, available_enrollment_methods: ['constructor'] }, true), { error: 'noMethodAvailable' });
});

test('A user who may not enroll by themselves needs an invitation', () => {
  const answer = { ...pending, available_enrollment_methods: [], self_service_enrollment: false };

  assert.deepEqual(first(answer, false), { error: 'invitationNeeded' });
  assert.deepEqual(first({ ...answer, self_service_enrollment: undefined }, false), { error: 'noMethodAvailable' });
});

test('The older names of the list of methods are read too', () => {
  assert.deepEqual(first({ device_account: { available_methods: ['otp'] } }, false), { screen: 'totpAuth' });
});

const errors = [
  [new ApiError(401, 'invalidToken'), { byTicket: true, started: false }, { key: 'invalidToken', action: null }],
  [
    new ApiError(401, 'invalidToken'),
    { byTicket: true, started: true },
    { key: 'globalTransactionExpired', help: 'globalTransactionExpiredTicket', action: 'start' },
  ],
  [new ApiError(401, 'invalidToken'), { byTicket: false, started: false }, { key: 'globalTransactionExpired', action: null }],
  [new ApiError(404, 'transactionNotFound'), { byTicket: false, started: true }, { key: 'globalTransactionExpired', action: null }],
  [new ApiError(0, 'connectionError'), { byTicket: true, started: false }, { key: 'connectionError', action: 'start' }],
  [new ApiError(503, 'serviceUnavailable'), { byTicket: true, started: true }, { key: 'default', action: 'start' }],
  [new ApiError(429, 'tooManyRequests', { retryAfter: 30 }), { byTicket: true, started: false }, { key: 'tooManyAttempts', action: 'start', retryAfter: 30 }],
  [new ApiError(403, 'featureDisabled'), { byTicket: true, started: true }, { key: 'featureDisabled', action: 'start' }],
];

for (const [error, circumstances, expected] of errors) {
  test(`${error.message} ${JSON.stringify(circumstances)} is shown as ${expected.key}`, () => {
    assert.deepEqual(terminalErrorOf(error, circumstances), expected);
  });
}

test('Error codes become keys of the dictionary', () => {
  assert.equal(keyOf('invalid_otp'), 'invalidOtp');
  assert.equal(keyOf('too_many_pn_per_tenant'), 'tooManyPnPerTenant');
  assert.equal(keyOf('device_account_conflict'), 'enrollmentConflict');
  assert.equal(keyOf('transaction_expired'), 'globalTransactionExpired');
  assert.equal(keyOf('globalTransactionExpired'), 'globalTransactionExpired');
  assert.equal(keyOf(undefined), '');
});

test('The lifetime of a token does not depend on the clock of the device', () => {
  const token = (claims) => `x.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.x`;

  assert.equal(lifetimeOf(token({ iat: 1000, exp: 1900 })), 900_000);
  assert.equal(lifetimeOf(token({ iat: 1000.5, exp: 1001 })), 500);
  assert.equal(lifetimeOf(token({ exp: 1900 })), null);
  assert.equal(lifetimeOf('no token'), null);
});

test('Addresses of the app for push messages are web addresses or nothing', () => {
  const links = (apple_app_link) => readTransaction({ push_app: { apple_app_link } }).pushApp;

  assert.deepEqual(links('https://apps.apple.com/app/id1'), { name: '', appleLink: 'https://apps.apple.com/app/id1', googleLink: '' });
  for (const bad of ['javascript:alert(1)', 'x', null, undefined, 1]) {
    assert.equal(links(bad).appleLink, '');
  }
  assert.deepEqual(readTransaction({}).pushApp, { name: '', appleLink: '', googleLink: '' });
});

test('The ceiling of a tenant is not told as the limit of the person', () => {
  assert.equal(tooManyKeyOf(new ApiError(429, keyOf('too_many_sms_per_tenant')), 'tooManySms'), 'tooManySmsPerTenant');
  assert.equal(tooManyKeyOf(new ApiError(429, keyOf('too_many_sms')), 'tooManySms'), 'tooManySms');
});

test('A user whose only way to sign in was switched off is told so', () => {
  for (const types of [[], ['pigeon'], undefined]) {
    assert.deepEqual(first({ device_account: { status: 'confirmed', available_authenticator_types: types } }, false), { error: 'methodSwitchedOff' });
  }
});
