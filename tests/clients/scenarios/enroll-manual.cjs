'use strict';

// Enrolls over three pages: each resumes what the one before has serialized.
const client = require('../client.cjs');

const pass = (transaction) => JSON.parse(JSON.stringify(transaction.serialize()));

const resume = (serialized) =>
  client.promised('resume', (done) => client.guardian.resume({ transport: 'manual' }, serialized, done));

client.run(async () => {
  const first = await client.start({ transport: 'manual' });
  await client.enroll(first);
  const stateBefore = await client.getState(first);

  const second = await resume(pass(first));
  const { otpSecret } = second.getEnrollmentConfirmationStep().getData();
  const accepted = await client.confirm(second.getEnrollmentConfirmationStep(), client.codeOf(otpSecret));

  const third = await resume(pass(second));
  return { stateBefore, accepted, stateAfter: await client.getState(third), otpSecret };
});
