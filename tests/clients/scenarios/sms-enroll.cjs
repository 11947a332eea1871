'use strict';

// Enrolls a phone: a number that is refused, then the right one; over polling also a wrong code, after which the client has to enroll again.
const client = require('../client.cjs');

client.run(async () => {
  const transaction = await client.start();
  const methods = transaction.getAvailableEnrollmentMethods();
  const enroll = (phoneNumber) => client.promised('enroll', (done) => transaction.enroll('sms', { phoneNumber }, done));
  const refused = await client.refusal(enroll('+1900'));
  const missing = await client.refusal(enroll(''));
  const before = client.messages();
  let step = await enroll(client.input.number);
  const uri = step.getUri();
  const code = await client.messageCode(before);
  let wrong = null;
  if (client.input.transport === 'polling') {
    // Over a socket, 0.2.5 does not report a wrong code.
    wrong = await client.refusal(client.confirm(step, client.otherCode(code)));
    step = await enroll(client.input.number);
  }

  step.on('error', (error) => { throw error; });
  const order = [];
  transaction.on('enrollment-complete', () => order.push('enrollment-complete'));
  transaction.on('auth-response', () => order.push('auth-response'));
  const complete = client.event(transaction, 'enrollment-complete');
  const response = client.event(transaction, 'auth-response');
  step.confirm({ otpCode: code }, () => {});
  const [{ recoveryCode, authRequired, enrollment }, auth] = await Promise.all([complete, response]);
  return {
    methods, refused, missing, uri, wrong, order, recoveryCode, authRequired, auth,
    number: enrollment.getPhoneNumber(),
    enrolled: enrollment.getAvailableMethods(),
    sent: client.messages().length - before.length,
  };
});
