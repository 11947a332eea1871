import assert from 'node:assert/strict';
import { test } from 'node:test';
import { resendKey } from '../../../src/Sallyport.Server/wwwroot/js/mfa-widget/modules/phone-code.js';
import { needsNewCode, secondsUntilResend } from '../../../src/Sallyport.Server/wwwroot/js/mfa-widget/modules/sent-code.js';

const now = 1_700_000_000_000;
const secondsAgo = (seconds) => now - seconds * 1000;

test('A screen sends a code unless an earlier one still works', () => {
  assert.equal(needsNewCode(null, now), true);
  assert.equal(needsNewCode(secondsAgo(0), now), false);
  assert.equal(needsNewCode(secondsAgo(299), now), false);
  assert.equal(needsNewCode(secondsAgo(300), now), true);
});

test('Another code can be sent 30 seconds after the last one', () => {
  assert.equal(secondsUntilResend(null, now), 0);
  assert.equal(secondsUntilResend(secondsAgo(0), now), 30);
  assert.equal(secondsUntilResend(secondsAgo(12), now), 18);
  assert.equal(secondsUntilResend(secondsAgo(45), now), 0);
});

test('A clock that was set back neither sends a code nor makes the pause longer', () => {
  assert.equal(needsNewCode(secondsAgo(-3600), now), false);
  assert.equal(secondsUntilResend(secondsAgo(-3600), now), 30);
});

test('The buttons for another code say whether they repeat the last channel or change it', () => {
  assert.deepEqual(['sms', 'voice'].map((channel) => resendKey(channel, 'sms')), ['resendAction', 'callAction']);
  assert.deepEqual(['sms', 'voice'].map((channel) => resendKey(channel, 'voice')), ['textAction', 'callAgainAction']);
});
