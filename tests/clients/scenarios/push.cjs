'use strict';

// A phone enrolls with the URI of the client, then its person rejects one push message and accepts the next.
const client = require('../client.cjs');
const { Phone } = require('../phone.cjs');

client.run(async () => {
  const transaction = await client.start();
  const methods = transaction.getAvailableEnrollmentMethods();
  const enrolling = await client.promised('enroll', (done) => transaction.enroll('push', null, done));
  const uri = enrolling.getUri();
  const phone = new Phone(client.input);
  const complete = client.event(transaction, 'enrollment-complete');
  await phone.enroll(new URL(uri).searchParams.get('enrollment_tx_id'));
  const { authRequired, recoveryCode, enrollment } = await complete;

  const answers = [];
  for (const isAccepted of [false, true]) {
    const before = phone.messages();
    const response = client.event(transaction, 'auth-response');
    const step = await client.requestAuth(transaction);
    await phone.answer(await phone.message(before), isAccepted, 'mistake');
    answers.push({ method: step.getMethod(), ...(await response) });
  }
  return { methods, uri, authRequired, recoveryCode, name: enrollment.getName(), enrolled: enrollment.getAvailableMethods(), answers };
});
