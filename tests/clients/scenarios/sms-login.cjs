'use strict';

// Signs in with a code from a text message, with the method that the client chooses.
const client = require('../client.cjs');

client.run(async () => {
  const transaction = await client.start();
  const enrollment = transaction.getEnrollments()[0];
  const before = client.messages();
  const step = await client.requestAuth(transaction);
  const code = await client.messageCode(before);
  const again = await client.refusal(client.requestAuth(transaction));
  const result = { methods: enrollment.getAvailableMethods(), number: enrollment.getPhoneNumber(), method: step.getMethod(), again };
  if (client.input.transport === 'polling') {
    // Over a socket, 0.2.5 does not report a wrong code.
    result.wrong = await client.refusal(client.verify(step, client.otherCode(code)));
  }

  const response = client.event(transaction, 'auth-response');
  step.verify({ otpCode: code }, () => {});
  return { ...result, auth: await response };
});
