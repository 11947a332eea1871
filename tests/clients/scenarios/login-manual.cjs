'use strict';

// Signs in over two pages: the second resumes what the first has serialized.
const client = require('../client.cjs');

client.run(async () => {
  const first = await client.start({ transport: 'manual' });
  await client.requestAuth(first);
  const stateBefore = await client.getState(first);

  const serialized = JSON.parse(JSON.stringify(first.serialize()));
  const second = await client.promised('resume', (done) => client.guardian.resume({ transport: 'manual' }, serialized, done));
  await client.verify(second.getAuthVerificationStep(), client.codeOf(client.input.otpSecret, 1));
  return { stateBefore, stateAfter: await client.getState(second) };
});
