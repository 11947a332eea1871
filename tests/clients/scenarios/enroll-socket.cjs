'use strict';

// Enrolls over a socket: all results come from the server's events. Runs with every version of the library.
const client = require('../client.cjs');

client.run(async () => {
  const transaction = await client.start();
  const step = await client.enroll(transaction);
  step.on('error', (error) => { throw error; });
  const order = [];
  transaction.on('enrollment-complete', () => order.push('enrollment-complete'));
  transaction.on('auth-response', () => order.push('auth-response'));
  const complete = client.event(transaction, 'enrollment-complete');
  const response = client.event(transaction, 'auth-response');
  step.confirm({ otpCode: client.codeOf(step.getData().otpSecret) }, () => {});
  const [enrollment, auth] = await Promise.all([complete, response]);
  return {
    order,
    enrollment: { recoveryCode: enrollment.recoveryCode, authRequired: enrollment.authRequired, methods: enrollment.enrollment.getAvailableMethods() },
    auth,
  };
});
