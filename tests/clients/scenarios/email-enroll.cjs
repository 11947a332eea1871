'use strict';

// Enrolls an email address. The clients know no method "email"; their step for an authenticator app sends the code from the mail.
const client = require('../client.cjs');

client.run(async () => {
  const transaction = await client.start();
  const methods = transaction.getAvailableEnrollmentMethods();
  const asEmail = await client.refusal(client.promised('enroll', (done) => transaction.enroll('email', null, done)));

  const step = await client.enroll(transaction);
  step.on('error', (error) => { throw error; });
  const order = [];
  transaction.on('enrollment-complete', () => order.push('enrollment-complete'));
  transaction.on('auth-response', () => order.push('auth-response'));
  const complete = client.event(transaction, 'enrollment-complete');
  const response = client.event(transaction, 'auth-response');
  step.confirm({ otpCode: await client.emailCode(transaction) }, () => {});
  const [enrollment, auth] = await Promise.all([complete, response]);
  return { methods, asEmail, order, recoveryCode: enrollment.recoveryCode, enrolled: enrollment.enrollment.getAvailableMethods(), auth };
});
