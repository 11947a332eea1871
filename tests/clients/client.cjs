'use strict';

// Shared by the scenarios: the client with promises, codes, and the result as one line of JSON.

const crypto = require('node:crypto');
const fs = require('node:fs');
const path = require('node:path');
const errors = [];
const input = JSON.parse(process.argv[2]);
const guardian = require(input.package ?? 'auth0-guardian-js');

function withDeadline(what, promise, seconds = 20) {
  const deadline = new Promise((_, reject) => {
    setTimeout(() => reject(new Error(`${what} took too long`)), seconds * 1000).unref();
  });
  return Promise.race([promise, deadline]);
}

function promised(what, call, seconds) {
  return withDeadline(what, new Promise((resolve, reject) => {
    call((error, value) => (error ? reject(error) : resolve(value)));
  }), seconds);
}

function create(overrides = {}) {
  return guardian({
    serviceUrl: input.serviceUrl,
    ...(input.requestToken ? { requestToken: input.requestToken } : { ticket: input.ticket }),
    transport: input.transport,
    issuer: { label: 'Acme', name: 'acme' },
    accountLabel: 'ann@example.com',
    globalTrackingId: 'tracking-1',
    ...overrides,
  });
}

async function start(overrides) {
  const client = create(overrides);
  const transaction = await promised('start', (done) => client.start(done));
  // Without a listener an error event ends the process.
  transaction.on('error', (error) => { errors.push(`${error.errorCode ?? ''} ${error.status ?? ''} ${error.message}`); });
  if (client.transport === 'polling') {
    await withDeadline('the first poll', firstPoll(client.socketClient));
  }

  return transaction;
}

// The client never reports an enrollment that is complete before its first poll. A script can be that fast, a user cannot.
async function firstPoll(pollingClient) {
  while (pollingClient.state === null) {
    await new Promise((resolve) => { setImmediate(resolve); });
  }
}

const enroll = (transaction) => promised('enroll', (done) => transaction.enroll('otp', null, done));

const confirm = (step, otpCode) => {
  step.on('error', () => {});
  return promised('confirm', (done) => step.confirm({ otpCode }, done));
};

const requestAuth = (transaction) =>
  promised('requestAuth', (done) => transaction.requestAuth(transaction.getEnrollments()[0], done));

const verify = (step, otpCode) => {
  step.on('error', () => {});
  return promised('verify', (done) => step.verify({ otpCode }, done));
};

const recover = (transaction, recoveryCode) =>
  promised('recover', (done) => transaction.recover({ recoveryCode }, done));

const getState = (transaction) => promised('getState', (done) => transaction.getState(done));

const event = (emitter, name) =>
  withDeadline(name, new Promise((resolve) => { emitter.once(name, resolve); }));

// RFC 6238 with SHA-1, six digits and steps of 30 seconds, at the instant that the test names.
function codeOf(secret, stepsAhead = 0) {
  const bits = [...secret].map((c) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(c).toString(2).padStart(5, '0')).join('');
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(input.now / 30) + stepsAhead));
  const hash = crypto.createHmac('sha1', key).update(counter).digest();
  const number = hash.readUInt32BE(hash[19] & 15) & 0x7fffffff;
  return String(number % 1000000).padStart(6, '0');
}

function wrongCodeOf(secret) {
  const right = [-1, 0, 1].map((steps) => codeOf(secret, steps));
  return ['000000', '000001', '000002', '000003'].find((code) => !right.includes(code));
}

const mails = () => (fs.existsSync(input.outbox) ? fs.readdirSync(input.outbox).filter((name) => name.endsWith('.eml')) : []);

// The clients have no call for codes by email, so the request is sent with their HTTP client. Returns the code in the mail.
async function emailCode(transaction) {
  const before = mails();
  const { httpClient } = transaction.enrollmentStrategies.otp;
  await promised('send-email', (done) => httpClient.post('/api/send-email', transaction.transactionToken, null, done));
  return withDeadline('the mail', codeOfNewMail(before));
}

async function codeOfNewMail(before) {
  for (;;) {
    const mail = mails()
      .filter((name) => !before.includes(name))
      .map((name) => fs.readFileSync(path.join(input.outbox, name), 'utf8'))
      .find((text) => text.includes(`To: ${input.address}`));
    if (mail) {
      const [, text] = mail.match(/^Content-Type: text\/plain[^]*?\r\n\r\n([A-Za-z0-9+/=\r\n]+)/m);
      return Buffer.from(text, 'base64').toString().match(/\b\d{6}\b/)[0];
    }
    await new Promise((resolve) => { setTimeout(resolve, 50); });
  }
}

const messages = () => (fs.existsSync(input.outbox) ? fs.readdirSync(input.outbox).filter((name) => name.endsWith('.json')) : []);

// The code in the next text message to the number of the test.
const messageCode = (before) => withDeadline('the text message', (async () => {
  for (;;) {
    const message = messages()
      .filter((name) => !before.includes(name))
      .map((name) => JSON.parse(fs.readFileSync(path.join(input.outbox, name), 'utf8')))
      .find(({ to }) => to === input.number);
    if (message) {
      return message.text.match(/\b\d{6,10}\b/)[0];
    }
    await new Promise((resolve) => { setTimeout(resolve, 50); });
  }
})());

const otherCode = (code) => code.replace(/.$/, (digit) => (Number(digit) + 1) % 10);

const refusal = async (promise) => {
  try {
    await promise;
    return { errorCode: 'none' };
  } catch (error) {
    return { errorCode: error.errorCode, statusCode: error.statusCode, message: error.message };
  }
};

// Ends the process after the scenario, because polling and timers would keep it alive.
function run(scenario) {
  scenario().then(
    (result) => { process.stdout.write(`${JSON.stringify(result)}\n`, () => process.exit(0)); },
    (error) => { process.stderr.write(`${error.stack}\n${JSON.stringify(error)}\n${errors.join('\n')}\n`, () => process.exit(1)); },
  );
}

module.exports = {
  guardian, input, create, start, enroll, confirm, requestAuth, verify, recover, getState, event, promised, codeOf, wrongCodeOf, emailCode, messages, messageCode,
  otherCode, refusal,
  run,
};
