'use strict';

// Two tabs of one ticket: the first enrolls, the second only polls the state.
const client = require('../client.cjs');

client.run(async () => {
  const watching = await client.start();
  await client.enroll(watching);
  const seen = client.event(watching, 'enrollment-complete');

  const acting = await client.start({ transport: 'manual' });
  const step = await client.enroll(acting);
  await client.confirm(step, client.codeOf(step.getData().otpSecret));

  const { authRequired } = await seen;
  return { authRequired, watchedRecoveryCode: watching.serialize().enrollmentAttempt.data.recoveryCode };
});
