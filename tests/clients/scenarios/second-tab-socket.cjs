'use strict';

// Two tabs of one ticket: the first enrolls, the second only listens on its socket.
const client = require('../client.cjs');

client.run(async () => {
  const watching = await client.start();
  await client.enroll(watching);
  const seen = client.event(watching, 'enrollment-complete');

  const acting = await client.start();
  const step = await client.enroll(acting);
  const response = client.event(acting, 'auth-response');
  step.confirm({ otpCode: client.codeOf(step.getData().otpSecret) }, () => {});

  const { authRequired, recoveryCode } = await seen;
  const { accepted } = await response;
  return { authRequired, recoveryCode, accepted };
});
