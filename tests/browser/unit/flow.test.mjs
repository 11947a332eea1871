import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApiError, keyOf } from '../../../src/Sallyport.Server/wwwroot/js/mfa-widget/modules/errors.js';
import { deadEndOf, firstStep, stepOf } from '../../../src/Sallyport.Server/wwwroot/js/mfa-widget/modules/flow.js';
import { lifetimeOf, readTransaction } from '../../../src/Sallyport.Server/wwwroot/js/mfa-widget/modules/transaction.js';

const pending = {
  transaction_token: 'a.b.c',
  enrollment_tx_id: 'tx',
  device_account: { id: 'dev_1', status: 'confirmation_pending', otp_secret: 'SECRET', recovery_code: 'CODE' },
  available_enrollment_methods: ['push', 'otp'],
};
const enrolled = {
  transaction_token: 'a.b.c',
  device_account: { status: 'confirmed', available_authenticator_types: ['otp', 'recovery-code'] },
};
const first = (answer, ticket) => firstStep(readTransaction(answer), ticket);

test('Whoever has no app yet sets one up, past factors without screens', () => {
  assert.deepEqual(first(pending, true), { screen: 'totpEnrollment' });
});

test('Whoever has an app proves it at sign-in', () => {
  assert.deepEqual(first(enrolled, false), { screen: 'totpAuth' });
});

test('A ticket of somebody who has an app leads nowhere', () => {
  assert.deepEqual(first(enrolled, true), { deadEnd: 'alreadyEnrolled' });
});

test('Without a factor there is nothing to do', () => {
  assert.deepEqual(first({ ...pending, available_enrollment_methods: [] }, true), { deadEnd: 'noMethodAvailable' });
  assert.deepEqual(first({ ...pending, available_enrollment_methods: undefined }, true), { deadEnd: 'noMethodAvailable' });
  assert.deepEqual(first({ ...pending, available_enrollment_methods: ['constructor'] }, true), { deadEnd: 'noMethodAvailable' });
});

test('An older answer names factors otherwise', () => {
  assert.deepEqual(first({ device_account: { available_methods: ['otp'] } }, false), { screen: 'totpAuth' });
});

test('Steps are counted only where there are steps', () => {
  const transaction = readTransaction(pending);
  const short = { ...transaction, recoveryCode: '' };

  assert.deepEqual(stepOf('totpEnrollmentCode', transaction), { step: 2, steps: 3 });
  assert.deepEqual(stepOf('totpEnrollmentCode', short), { step: 2, steps: 2 });
  assert.equal(stepOf('generalError', transaction), null);
  assert.equal(stepOf('reportRecoveryCode', readTransaction(enrolled)), null);
});

const ends = [
  [new ApiError(401, 'invalidToken'), { ticket: true, started: false }, { key: 'invalidToken', action: null }],
  [
    new ApiError(401, 'invalidToken'),
    { ticket: true, started: true },
    { key: 'globalTransactionExpired', help: 'globalTransactionExpiredTicket', action: 'begin' },
  ],
  [new ApiError(401, 'invalidToken'), { ticket: false, started: false }, { key: 'globalTransactionExpired', action: null }],
  [new ApiError(404, 'transactionNotFound'), { ticket: false, started: true }, { key: 'globalTransactionExpired', action: null }],
  [new ApiError(0, 'connectionError'), { ticket: true, started: false }, { key: 'connectionError', action: 'begin' }],
  [new ApiError(503, 'serviceUnavailable'), { ticket: true, started: true }, { key: 'default', action: 'begin' }],
  [new ApiError(429, 'tooManyRequests', 30), { ticket: true, started: false }, { key: 'tooManyAttempts', action: 'begin', retryAfter: 30 }],
  [new ApiError(403, 'featureDisabled'), { ticket: true, started: true }, { key: 'featureDisabled', action: 'begin' }],
];

for (const [error, circumstances, end] of ends) {
  test(`${error.message} ${JSON.stringify(circumstances)} ends in ${end.key}`, () => {
    assert.deepEqual(deadEndOf(error, circumstances), end);
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

test('A token says how long it lives, whatever the clock of the machine says', () => {
  const token = (claims) => `x.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.x`;

  assert.equal(lifetimeOf(token({ iat: 1000, exp: 1900 })), 900_000);
  assert.equal(lifetimeOf(token({ iat: 1000.5, exp: 1001 })), 500);
  assert.equal(lifetimeOf(token({ exp: 1900 })), null);
  assert.equal(lifetimeOf('no token'), null);
});
