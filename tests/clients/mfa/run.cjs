'use strict';

// Runs steps with @auth0/auth0-auth-js and prints the result of each: { value } or { error }, in the order of the steps.
// A step is { call, args }. A text "$n.path" in the arguments is replaced by a value from the result of step n.

const { AuthClient } = require('@auth0/auth0-auth-js');

const input = JSON.parse(process.argv[2]);
const client = new AuthClient({ domain: input.domain, clientId: input.clientId, clientSecret: input.clientSecret });

const calls = {
  password: (args) => client.getTokenByPassword(args),
  list: (args) => client.mfa.listAuthenticators(args),
  enroll: (args) => client.mfa.enrollAuthenticator(args),
  challenge: (args) => client.mfa.challengeAuthenticator(args),
  verify: (args) => client.mfa.verify(args),
  remove: (args) => client.mfa.deleteAuthenticator(args),
};

function fill(value, results) {
  return typeof value === 'string' && value.startsWith('$')
    ? value.slice(1).split('.').reduce((found, name) => found[name], results)
    : value;
}

(async () => {
  const results = [];
  for (const { call, args } of input.steps) {
    const filled = Object.fromEntries(Object.entries(args).map(([name, value]) => [name, fill(value, results)]));
    try {
      results.push({ value: (await calls[call](filled)) ?? null });
    } catch (error) {
      results.push({ error: { type: error.constructor.name, code: error.code, cause: error.cause } });
    }
  }

  console.log(JSON.stringify(results));
})();
