'use strict';

// Runs the job in its argument and prints the outcomes. Without an argument it reads jobs from its input, one line of JSON each, and prints one line for
// each, { outcomes } or { failure }: one process runs all jobs of the tests, because loading the clients takes longer than most calls.
// A job is steps with one generation of the client; the outcomes are the result of each, { value } or { error }, in the order of the steps.
// A text "$step.path.to.value" in a step is replaced by a value from the result of the earlier step with that name.
// A step with the call "*" makes every call that this generation has.

const readline = require('node:readline');
const calls = require('./calls.cjs');

// One client for each set of credentials: each fetches its token once.
function clientsOf({ generation, domain }) {
  const { ManagementClient } = require(`auth0-${generation}`);
  const clients = new Map();
  return (credentials) => {
    const key = JSON.stringify(credentials);
    if (!clients.has(key)) {
      clients.set(key, new ManagementClient({ domain, ...credentials }));
    }

    return clients.get(key);
  };
}

// Generation 2 answers with the body, 4 with a response around it, 5 and later with the body, or a page that iterates.
function bodyOf(result, generation) {
  if (generation === 4) {
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

async function run(step, results, { generation, credentials, clientFor }) {
  const call = calls[step.call][generation];
  if (call === null) {
    return { missing: true };
  }

  try {
    return { value: bodyOf(await call(clientFor(step.as ?? credentials), fill(step, results)), generation) };
  } catch (error) {
    if (error.statusCode === undefined) {
      throw error;
    }

    return { error: errorOf(error) };
  }
}

function expand(step, generation) {
  const names = step.call === '*' ? Object.keys(calls).filter((name) => calls[name][generation] !== null) : [step.call];
  return names.map((call) => ({ ...step, call }));
}

async function runJob(job) {
  const context = { ...job, clientFor: clientsOf(job) };
  const outcomes = [];
  const results = {};
  for (const step of job.steps.flatMap((each) => expand(each, job.generation))) {
    const outcome = await run(step, results, context);
    outcomes.push({ call: step.call, ...outcome });
    if (step.name) {
      results[step.name] = outcome.value;
    }
  }

  return outcomes;
}

async function main() {
  if (process.argv[2]) {
    console.log(JSON.stringify(await runJob(JSON.parse(process.argv[2]))));
    process.exit(0);
  }

  for await (const line of readline.createInterface({ input: process.stdin })) {
    const answer = await runJob(JSON.parse(line)).then(
      (outcomes) => ({ outcomes }),
      (error) => ({ failure: `${error.stack}\n${JSON.stringify(error)}` }),
    );
    process.stdout.write(`${JSON.stringify(answer)}\n`);
  }

  process.exit(0);
}

main();
