'use strict';

// Signs in with a code from a mail, with the method that the client chooses or the given one.
const client = require('../client.cjs');

client.run(async () => {
  const transaction = await client.start();
  const enrollment = transaction.getEnrollments()[0];
  const methods = enrollment.getAvailableMethods();
  const options = client.input.method ? { method: client.input.method } : {};
  const requested = client.promised('requestAuth', (done) => transaction.requestAuth(enrollment, options, done));
  const { errorCode } = await client.refusal(requested);
  if (errorCode !== 'none') {
    return { methods, errorCode };
  }

  const step = await requested;
  const code = await client.emailCode(transaction);
  const result = { methods, method: step.getMethod(), errorCode };
  if (client.input.transport === 'polling') {
    // Over a socket, 0.2.5 does not report a wrong code.
    result.wrong = await client.refusal(client.verify(step, code.replace(/.$/, (digit) => (Number(digit) + 1) % 10)));
  }

  const response = client.event(transaction, 'auth-response');
  step.verify({ otpCode: code }, () => {});
  return { ...result, auth: await response };
});
