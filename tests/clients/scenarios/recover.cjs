'use strict';

// Signs in with a recovery code, without polling.
const client = require('../client.cjs');

client.run(async () => {
  const transaction = await client.start({ transport: 'manual' });
  const malformed = await client.refusal(client.recover(transaction, 'short'));
  const wrong = await client.refusal(client.recover(transaction, 'A'.repeat(24)));
  const recovered = await client.recover(transaction, client.input.recoveryCode);
  return { malformed, wrong, recovered, state: await client.getState(transaction) };
});
