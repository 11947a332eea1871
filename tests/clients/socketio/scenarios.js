'use strict';

const TEXT = 'Grüße, δοκιμή, ✓ and 🔐';
const TOKEN = 'eyJhbGciOiJIUzI1NiJ9.eyJ0eGlkIjoidHhuXzEifQ.c2lnbmF0dXJl';

const clients = [
  { name: 'client-4.8.4', module: 'socket.io-client-4', protocol: 4, servers: ['server-4.8.4'] },
  { name: 'client-2.5.0', module: 'socket.io-client-2', protocol: 3, servers: ['server-4.8.4', 'server-2.5.1'] },
  { name: 'client-1.7.4', module: 'socket.io-client-1', protocol: 3, servers: ['server-4.8.4', 'server-2.5.1'] },
];

const event = (socket, name) => new Promise((resolve) => socket.once(name, resolve));
const acknowledged = (socket, ...args) => new Promise((resolve) => socket.emit(...args, resolve));
const upgraded = (socket) => new Promise((resolve) => socket.io.engine.once('upgrade', resolve));
const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

async function authenticate(socket) {
  const answer = event(socket, 'enrollment:confirmed');
  socket.emit('authenticate', { token: TOKEN });
  await answer;
}

/** Turns on binary data for requests only: Node's XMLHttpRequest can send bytes but not receive them. */
function postBytes(transport) {
  const write = transport.write;
  transport.write = (packets) => {
    transport.supportsBinary = true;
    write.call(transport, packets);
    transport.supportsBinary = false;
  };
}

async function talk(socket) {
  await event(socket, 'connect');
  await authenticate(socket);
  await acknowledged(socket, 'echo', TEXT);
}

async function kicked(socket) {
  const gone = event(socket, 'disconnect');
  socket.emit('kick');
  await gone;
}

/** `needs` limits a scenario to the clients that support it. */
const scenarios = [
  { name: 'polling', transports: ['polling'], play: async (s) => { await talk(s); await kicked(s); } },
  { name: 'websocket', transports: ['websocket'], play: async (s) => { await talk(s); await kicked(s); } },
  {
    name: 'upgrade',
    transports: ['polling', 'websocket'],
    play: async (s) => {
      await Promise.all([event(s, 'connect'), upgraded(s)]);
      await authenticate(s);
      await acknowledged(s, 'echo', TEXT);
      s.close();
    },
  },
  {
    name: 'namespace',
    transports: ['polling'],
    path: '/appliance-mfa?lang=de',
    needs: (client) => client.protocol === 3,
    play: async (s) => { await talk(s); s.close(); },
  },
  {
    name: 'heartbeat-polling',
    transports: ['polling'],
    beat: { pingInterval: 150, pingTimeout: 400 },
    play: async (s) => { await event(s, 'connect'); await pause(400); s.close(); },
  },
  {
    name: 'heartbeat-websocket',
    transports: ['websocket'],
    beat: { pingInterval: 150, pingTimeout: 400 },
    play: async (s) => { await event(s, 'connect'); await pause(400); s.close(); },
  },
  {
    name: 'refused-namespace',
    transports: ['polling'],
    path: '/unknown',
    needs: (client) => client.name !== 'client-1.7.4',
    play: async (s, client) => { await event(s, client.protocol === 4 ? 'connect_error' : 'error'); s.close(); },
  },
  {
    // The framing that a browser of 2016 posts.
    name: 'binary-framing',
    transports: ['polling'],
    needs: (client) => client.name === 'client-1.7.4',
    play: async (s) => {
      await event(s, 'connect');
      postBytes(s.io.engine.transport);
      await authenticate(s);
      s.emit('say', TEXT); // no echo: the reference server answers unescaped, which this client cannot read
      await pause(100);
      s.close();
    },
  },
];

function serve(io) {
  for (const namespace of [io.of('/'), io.of('/appliance-mfa')]) {
    namespace.on('connection', (socket) => {
      socket.on('authenticate', () => {
        socket.emit('authenticated');
        socket.emit('enrollment:confirmed', { tx_id: 'txn_1', method: 'otp', device_account: { name: 'phone' } });
      });
      socket.on('echo', (text, acknowledge) => acknowledge(text));
      socket.on('kick', () => socket.disconnect(true));
    });
  }
}

module.exports = { clients, scenarios, serve, pause };
