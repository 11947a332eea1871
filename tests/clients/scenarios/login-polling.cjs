'use strict';

// An enrolled user signs in with the used code of the enrollment, then with a wrong code, then with the right one.
const client = require('../client.cjs');

client.run(async () => {
  const transaction = await client.start();
  const enrollment = transaction.getEnrollments()[0];
  const result = {
    enrolled: transaction.isEnrolled(),
    methods: enrollment.getAvailableAuthenticatorTypes(),
    enrollAgain: await client.refusal(client.enroll(transaction)),
  };
  const step = await client.requestAuth(transaction);
  result.method = step.getMethod();
  result.replayed = await client.refusal(client.verify(step, client.codeOf(client.input.otpSecret)));
  result.wrong = await client.refusal(client.verify(step, client.wrongCodeOf(client.input.otpSecret)));
  const response = client.event(transaction, 'auth-response');
  await client.verify(step, client.codeOf(client.input.otpSecret, 1));
  result.auth = await response;
  return result;
});
