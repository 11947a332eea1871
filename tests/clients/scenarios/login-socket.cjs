'use strict';

// A person who is enrolled signs in over a socket. Runs with every version of the library.
const client = require('../client.cjs');

client.run(async () => {
  const transaction = await client.start();
  const response = client.event(transaction, 'auth-response');
  const step = await client.requestAuth(transaction);
  // Version 0.2.5 does not call back.
  step.verify({ otpCode: client.codeOf(client.input.otpSecret, 1) }, () => {});
  return { enrolled: transaction.isEnrolled(), method: step.getMethod(), auth: await response };
});
