'use strict';

// Start-flow is answered with a token that the server did not sign; the socket is real.
const client = require('../client.cjs');

const forged = ['{"typ":"JWT","alg":"HS256"}', JSON.stringify({ sub: 'auth0|a', txid: 'txn_a', exp: Math.floor(Date.now() / 1000) + 600 }), 'forged']
  .map((part) => Buffer.from(part).toString('base64url')).join('.');
const httpClient = { post: (path, credentials, data, done) => setImmediate(done, null, { transactionToken: forged, deviceAccount: {} }) };

client.run(async () => {
  const start = await client.refusal(client.start({ dependencies: { httpClient } }));
  // What would crash the client comes a moment later.
  await new Promise((resolve) => { setTimeout(resolve, 300); });
  return { start };
});
