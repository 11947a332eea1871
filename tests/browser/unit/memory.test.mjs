import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Memory } from '../../../src/Sallyport.Server/wwwroot/js/mfa-widget/modules/memory.js';

const page = 'https://mfa.example.com/mfa/enrollment?ticket=T1';
const answer = { transaction_token: 'a.b.c' };
const byTicket = (ticket) => ({ ticket, requestToken: '' });

function fakeStorage() {
  const items = new Map();
  return {
    items,
    getItem: (key) => items.get(key) ?? null,
    setItem: (key, value) => items.set(key, value),
    removeItem: (key) => items.delete(key),
  };
}

test('A transaction is found by its credential until it is forgotten', () => {
  const memory = new Memory(fakeStorage(), null, page);
  memory.saveTransaction(byTicket('T1'), answer, true);

  const saved = memory.findTransaction(byTicket('T1'));
  memory.forgetTransaction();

  assert.deepEqual([saved.answer, saved.reopened], [answer, true]);
  assert.equal(memory.findTransaction(byTicket('T1')), null);
});

test('The transaction of another credential is not found', () => {
  const memory = new Memory(fakeStorage(), null, page);
  memory.saveTransaction(byTicket('T1'), answer, false);

  assert.equal(memory.findTransaction(byTicket('T2')), null);
  assert.equal(memory.findTransaction({ ticket: '', requestToken: 'R' }), null);
});

test('Without a credential a transaction is found by the address of its page only', () => {
  const storage = fakeStorage();
  new Memory(storage, null, page).saveTransaction(byTicket('T1'), answer, false);

  assert.deepEqual(new Memory(storage, null, page).findTransaction(byTicket('')).answer, answer);
  assert.equal(new Memory(storage, null, page + '2').findTransaction(byTicket('')), null);
});

test('A new recovery code is saved with its transaction', () => {
  const memory = new Memory(fakeStorage(), null, page);
  memory.saveProgress({ newRecoveryCode: 'NEW' });
  assert.equal(memory.findTransaction(byTicket('T1')), null);

  memory.saveTransaction(byTicket('T1'), answer, false);
  memory.saveProgress({ newRecoveryCode: 'NEW' });

  assert.equal(memory.findTransaction(byTicket('T1')).newRecoveryCode, 'NEW');
});

test('Of a finished transaction only what fetches its result is kept', () => {
  const storage = fakeStorage();
  const memory = new Memory(storage, null, page);
  memory.keepResult();
  assert.equal(storage.items.size, 0);

  memory.saveTransaction(byTicket('T1'), { ...answer, device_account: { otp_secret: 'SECRET', recovery_code: 'OLD' } }, false);
  memory.saveProgress({ newRecoveryCode: 'NEW' });
  memory.keepResult();

  const { isComplete, answer: kept } = memory.findTransaction(byTicket('T1'));
  assert.deepEqual([isComplete, kept], [true, answer]);
  assert.doesNotMatch([...storage.items.values()].join(), /SECRET|OLD|NEW/);
});

test('The time at which a code was sent is saved with its transaction, beside other progress', () => {
  const memory = new Memory(fakeStorage(), null, page);
  memory.saveTransaction(byTicket('T1'), answer, false);
  memory.saveProgress({ codeSentAt: 1000 });
  memory.saveProgress({ confirmedFactor: 'email' });

  const { codeSentAt, confirmedFactor } = memory.findTransaction(byTicket('T1'));
  memory.saveTransaction(byTicket('T1'), answer, false);

  assert.deepEqual([codeSentAt, confirmedFactor], [1000, 'email']);
  assert.equal(memory.findTransaction(byTicket('T1')).codeSentAt, undefined);
});

test('Opened links are remembered without storing them, the last twenty', () => {
  const storage = fakeStorage();
  const memory = new Memory(null, storage, page);
  for (let i = 0; i < 25; i += 1) {
    memory.markOpened(`ticket-${i}`);
  }

  assert.equal(memory.hasOpened('ticket-24'), true);
  assert.equal(memory.hasOpened('ticket-5'), true);
  assert.equal(memory.hasOpened('ticket-4'), false);
  assert.doesNotMatch([...storage.items.values()].join(), /ticket/);
});

test('Storage that is missing, forbidden or damaged is no memory and no error', () => {
  const refuse = () => {
    throw new Error('forbidden');
  };
  const forbidden = { getItem: refuse, setItem: refuse, removeItem: refuse };
  const damaged = { getItem: () => '{', setItem: () => {}, removeItem: () => {} };
  for (const storage of [null, forbidden, damaged]) {
    const memory = new Memory(storage, storage, page);
    memory.saveTransaction(byTicket('T1'), answer, false);
    memory.markOpened('T1');
    memory.forgetTransaction();

    assert.equal(memory.findTransaction(byTicket('T1')), null);
    assert.equal(memory.hasOpened('T1'), false);
  }
});

test('A person who has declined the device is not asked for a while, and others are', () => {
  const storage = fakeStorage();
  const memory = new Memory(null, storage, page);
  memory.declineDevice('acme ann@example.com');

  assert.equal(memory.hasDeclinedDevice('acme ann@example.com', 1000), true);
  assert.equal(memory.hasDeclinedDevice('acme bob@example.com', 1000), false);
  assert.equal(memory.hasDeclinedDevice('acme ann@example.com', 0), false);
  assert.doesNotMatch([...storage.items.values()].join(), /ann/);
});

test('Of the persons who have declined the device the newest are kept, and a damaged list is no list', () => {
  const storage = fakeStorage();
  const memory = new Memory(null, storage, page);
  for (let i = 0; i < 25; i += 1) {
    memory.declineDevice(`person ${i}`);
  }

  assert.equal(memory.hasDeclinedDevice('person 4', 1000), false);
  assert.equal(memory.hasDeclinedDevice('person 5', 1000), true);
  for (const damaged of ['{}', '"x"', '[1, null, ["a"]]', 'x']) {
    storage.setItem('sallyport.mfa-widget.declined-device', damaged);
    assert.equal(memory.hasDeclinedDevice('person 5', 1000), false);
  }
});

test('The account is kept for the page of a used ticket, which no longer knows it', () => {
  const storage = fakeStorage();
  new Memory(storage, null, page).saveTransaction({ ...byTicket('T1'), account: 'ada@example.com' }, answer, false);

  const memory = new Memory(storage, null, page);
  memory.saveProgress({ confirmedFactor: 'sms' });
  assert.equal(memory.findTransaction({ ticket: '', requestToken: '' }).account, 'ada@example.com');
});
