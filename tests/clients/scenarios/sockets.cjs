'use strict';

// Every version of socket.io-client over every transport: connects, opens a second websocket for the same session, authenticates,
// enrolls, and lists the events that it receives.
const http = require('node:http');
const { createRequire } = require('node:module');

const input = JSON.parse(process.argv[2]);

const clients = { '4.8.4': require('socket.io-client-4'), '2.5.0': require('socket.io-client-2'), '1.7.4': require('socket.io-client-1') };
const transports = { polling: ['polling'], websocket: ['websocket'], upgrade: ['polling', 'websocket'] };

function withDeadline(what, promise) {
  let timer;
  const deadline = new Promise((_, reject) => { timer = setTimeout(() => reject(new Error(`${what} took too long`)), 20000); });
  return Promise.race([promise, deadline]).finally(() => clearTimeout(timer));
}

const received = (socket, name) => withDeadline(name, new Promise((resolve) => { socket.once(name, resolve); }));

// The Engine.IO client inside each version.
const engines = Object.fromEntries([['4.8.4', 4], ['2.5.0', 2], ['1.7.4', 1]].map(([version, major]) => {
  const engine = createRequire(require.resolve(`socket.io-client-${major}`))('engine.io-client');
  return [version, engine.Socket ?? engine];
}));

function openSecondWebSocket(version, sid, agent) {
  const second = new engines[version](new URL(input.url).origin, {
    path: input.path.replace(/\/?$/, '/'), transports: ['websocket'], query: { sid }, agent,
  });
  const events = [];
  return withDeadline('the end of the second websocket', new Promise((resolve) => {
    ['open', 'error', 'close'].forEach((name) => second.on(name, () => {
      events.push(name);
      if (name !== 'open') resolve(events);
    }));
  }));
}

async function play(version, mode, { token, code, from }) {
  // Load balancers distinguish clients by address.
  const agent = from ? new http.Agent({ localAddress: from }) : false;
  const socket = clients[version](input.url, { path: input.path, transports: transports[mode], forceNew: true, reconnection: false, agent });
  const upgraded = new Promise((resolve) => {
    const onTransport = () => (mode === 'upgrade' ? socket.io.engine.once('upgrade', resolve) : resolve());
    if (socket.io.engine) onTransport(); else socket.once('connect', onTransport);
  });
  const events = [];
  const payloads = {};
  const note = (name) => socket.on(name, (payload) => { events.push(name); payloads[name] = payload; });
  ['authenticated', 'unauthorized', 'enrollment:confirmed', 'login:complete', 'login:rejected', 'disconnect'].forEach(note);
  const complete = received(socket, 'login:complete');
  complete.catch(() => {});

  await received(socket, 'connect');
  await withDeadline('upgrade', upgraded);
  const second = mode === 'polling' ? [] : await openSecondWebSocket(version, socket.io.engine.id, agent);
  socket.emit('authenticate', { token });
  await received(socket, 'authenticated');
  const answer = await fetch(`${input.api}/verify-otp`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ type: 'manual_input', code }),
  });
  await complete;
  const transport = socket.io.engine.transport.name;
  // The close below is not an event from the server.
  socket.off('disconnect');
  socket.close();
  return { version, mode, status: answer.status, transport, second, events, payloads };
}

async function main() {
  const plays = Object.keys(clients).flatMap((version) => Object.keys(transports).map((mode) => [version, mode]));
  return Promise.all(plays.map(([version, mode], i) =>
    play(version, mode, input.people[i]).catch((error) => ({ version, mode, error: error.message }))));
}

main().then((result) => { process.stdout.write(`${JSON.stringify(result)}\n`, () => process.exit(0)); });
