'use strict';

// Runs steps with one generation of the client and prints the result of each: { value } or { error }, in the order of the steps.
// A text "$step.path.to.value" in a step is replaced by a value from the result of the earlier step with that name.
// A step with the call "*" makes every call that this generation has.

const calls = require('./calls.cjs');

const input = JSON.parse(process.argv[2]);
const { ManagementClient } = require(`auth0-${input.generation}`);

const clients = new Map();

// One client for each set of credentials: each fetches its token once.
function clientFor(credentials) {
  const key = JSON.stringify(credentials);
  if (!clients.has(key)) {
    clients.set(key, new ManagementClient({ domain: input.domain, ...credentials }));
  }

  return clients.get(key);
}

// Generation 2 answers with the body, 4 with a response around it, 5 and later with the body, or a page that iterates.
function bodyOf(result) {
  if (input.generation === 4) {
    return result?.data;
  }

  return typeof result?.getNextPage === 'function' ? result.data : result;
}

function fill(value, results) {
  if (typeof value === 'string' && value.startsWith('$')) {
    return value.slice(1).split('.').reduce((found, name) => found[name], results);
  }

  if (Array.isArray(value)) {
    return value.map((item) => fill(item, results));
  }

  return value !== null && typeof value === 'object'
    ? Object.fromEntries(Object.entries(value).map(([name, item]) => [name, fill(item, results)]))
    : value;
}

// The error as a program that catches it sees it. In generation 2 it has neither code nor body.
function errorOf(error) {
  const body = typeof error.body === 'string' ? JSON.parse(error.body) : error.body;
  return {
    type: error.constructor.name,
    statusCode: error.statusCode,
    errorCode: error.errorCode ?? body?.errorCode,
    message: body?.message ?? error.message,
  };
}

async function run(step, results) {
  const call = calls[step.call][input.generation];
  if (call === null) {
    return { missing: true };
  }

  try {
    return { value: bodyOf(await call(clientFor(step.as ?? input.credentials), fill(step, results))) };
  } catch (error) {
    if (error.statusCode === undefined) {
      throw error;
    }

    return { error: errorOf(error) };
  }
}

function expand(step) {
  const names = step.call === '*' ? Object.keys(calls).filter((name) => calls[name][input.generation] !== null) : [step.call];
  return names.map((call) => ({ ...step, call }));
}

async function main() {
  const outcomes = [];
  const results = {};
  for (const step of input.steps.flatMap(expand)) {
    const outcome = await run(step, results);
    outcomes.push({ call: step.call, ...outcome });
    if (step.name) {
      results[step.name] = outcome.value;
    }
  }

  return outcomes;
}

main().then(
  (outcomes) => { process.stdout.write(`${JSON.stringify(outcomes)}\n`, () => process.exit(0)); },
  (error) => { process.stderr.write(`${error.stack}\n${JSON.stringify(error)}\n`, () => process.exit(1)); },
);
