'use strict';

// Returns the client's errors for a transaction that cannot start or cannot enroll.
const client = require('../client.cjs');

client.run(async () => {
  const started = client.start({ transport: 'manual' });
  const start = await client.refusal(started);
  if (start.errorCode !== 'none') {
    return { start };
  }

  const transaction = await started;
  return { start, enrolled: transaction.isEnrolled(), enroll: await client.refusal(client.enroll(transaction)) };
});
