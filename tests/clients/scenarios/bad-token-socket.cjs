'use strict';

// The client gets a forged token from a fake start-flow and uses it on a real socket.
const client = require('../client.cjs');

const forged = ['{"typ":"JWT","alg":"HS256"}', JSON.stringify({ sub: 'auth0|a', txid: 'txn_a', exp: Math.floor(Date.now() / 1000) + 600 }), 'forged']
  .map((part) => Buffer.from(part).toString('base64url')).join('.');
const httpClient = { post: (path, credentials, data, done) => setImmediate(done, null, { transactionToken: forged, deviceAccount: {} }) };

client.run(async () => {
  const start = await client.refusal(client.start({ dependencies: { httpClient } }));
  // If the client crashes, it does so a moment later.
  await new Promise((resolve) => { setTimeout(resolve, 300); });
  return { start };
});
