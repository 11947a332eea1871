'use strict';

// Many browsers on one node. The node is killed, the users enter their codes on the other node, and the browsers reconnect to it, as behind
// a load balancer.
const fs = require('node:fs');
const io = require('socket.io-client-4');

// The input is too long for an argument.
const input = JSON.parse(fs.readFileSync(JSON.parse(process.argv[2]).file, 'utf8'));
const nextNode = () => input.nodes[1];
const pause = (milliseconds) => new Promise((resolve) => { setTimeout(resolve, milliseconds); });

function browse({ token, txId, acts, actingTxId }) {
  const browser = { isReady: false, answer: null };
  const socket = io(input.nodes[0], { transports: ['websocket'], forceNew: true });
  socket.on('connect', () => socket.emit('authenticate', { token }));
  socket.on('authenticated', () => { browser.isReady = true; });
  socket.on('disconnect', () => { browser.isReady = false; socket.io.uri = nextNode(); });
  socket.on('enrollment:confirmed', (payload) => { if (!acts) browser.answer = payload.tx_id === actingTxId ? 'right' : 'wrong'; });
  socket.on('login:complete', (payload) => { browser.answer = acts && payload.tx_id === txId && payload.signature ? 'right' : 'wrong'; });
  return browser;
}

const post = async (path, token, body) => {
  const answer = await fetch(`${input.nodes[1]}/api/${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, ...(body ? { 'content-type': 'application/json' } : {}) },
    body: body && JSON.stringify(body),
  });
  return { status: answer.status, json: await answer.json() };
};

async function until(what, seconds, holds) {
  const started = Date.now();
  while (!holds()) {
    if (Date.now() - started > seconds * 1000) throw new Error(`not within ${seconds} s: ${what()}`);
    await pause(20);
  }
  return Date.now() - started;
}

async function main() {
  const tabs = input.people.flatMap((person) => person.tabs.map((tab, i) => ({ ...tab, acts: i === 0, actingTxId: person.tabs[0].txId })));
  const browsers = tabs.map(browse);
  const count = (test) => browsers.filter(test).length;
  await until(() => `${count((b) => b.isReady)} ready`, 60, () => browsers.every((b) => b.isReady));

  process.kill(input.pid, 'SIGKILL');
  const started = Date.now();
  const codes = await Promise.all(input.people.map((person) =>
    post('verify-otp', person.tabs[0].token, { type: 'manual_input', code: person.code })));
  await until(() => `${count((b) => b.answer === 'right')} answered`, 60, () => browsers.every((b) => b.answer !== null));
  const milliseconds = Date.now() - started;

  const states = await Promise.all(tabs.map(async (tab) => {
    const { json } = await post('transaction-state', tab.token);
    return tab.acts ? json.state === 'accepted' && !!json.token : json.state === 'pending' && !!json.enrollment;
  }));
  return {
    milliseconds,
    codes: codes.filter((answer) => answer.status === 200).length,
    right: count((b) => b.answer === 'right'),
    statesRight: states.filter(Boolean).length,
  };
}

main().then(
  (result) => { process.stdout.write(`${JSON.stringify(result)}\n`, () => process.exit(0)); },
  (error) => { process.stderr.write(`${error.stack}\n`, () => process.exit(1)); },
);
