'use strict';

// Enrolls by polling: first with a wrong code, then again with the right one.
const client = require('../client.cjs');

client.run(async () => {
  const transaction = await client.start();
  const { otpSecret } = (await client.enroll(transaction)).getData();
  const enrolled = transaction.isEnrolled();
  const wrong = await client.refusal(client.confirm(transaction.getEnrollmentConfirmationStep(), client.wrongCodeOf(otpSecret)));

  // A wrong code dismisses the attempt in the client: it has to ask to enroll again.
  const step = await client.enroll(transaction);
  const order = [];
  transaction.on('enrollment-complete', () => order.push('enrollment-complete'));
  transaction.on('auth-response', () => order.push('auth-response'));
  const complete = client.event(transaction, 'enrollment-complete');
  const response = client.event(transaction, 'auth-response');
  const accepted = await client.confirm(step, client.codeOf(otpSecret));
  const [enrollment, auth] = await Promise.all([complete, response]);
  return {
    enrolled,
    uri: step.getUri(),
    otpSecret,
    wrong,
    accepted,
    order,
    enrollment: { recoveryCode: enrollment.recoveryCode, authRequired: enrollment.authRequired, methods: enrollment.enrollment.getAvailableMethods() },
    auth,
  };
});
