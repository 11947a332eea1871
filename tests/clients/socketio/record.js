'use strict';

const fs = require('node:fs');
const http = require('node:http');
const path = require('node:path');
const { startProxy } = require('./proxy');
const { clients, scenarios, serve, pause } = require('./scenarios');

const OUTPUT = path.join(__dirname, '../../Sallyport.Protocols.Tests/SocketIo/Vectors');
const DIGITS = { open: 0, close: 1, ping: 2, pong: 3, message: 4, upgrade: 5, noop: 6 };

function startServer(name, beat) {
  const server = http.createServer();
  const options = { allowEIO3: true, perMessageDeflate: false, httpCompression: false, serveClient: false, ...beat };
  const io = name === 'server-4.8.4' ? new (require('socket.io-4').Server)(server, options) : require('socket.io-2')(server, options);
  serve(io);
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve({ io, port: server.address().port })));
}

/** Collects the packets of an end before they are encoded. */
function listen(emitter, meant) {
  emitter.on('packetCreate', ({ type, data }) => meant.push(DIGITS[type] + (data === undefined ? '' : data)));
}

async function record(client, server, scenario) {
  const { io, port } = await startServer(server, scenario.beat);
  const exchanges = [];
  const proxy = await startProxy(port, (entry) => exchanges.push(entry));
  const meant = { client: [], server: [] };
  io.engine.on('connection', (connection) => listen(connection, meant.server));

  const connect = require(client.module);
  const address = `http://127.0.0.1:${proxy.address().port}${scenario.path ?? ''}`;
  const socket = connect(address, { transports: scenario.transports, forceNew: true, reconnection: false, autoConnect: false });
  socket.connect();
  listen(socket.io.engine, meant.client);
  await scenario.play(socket, client);
  await pause(100);

  socket.close();
  io.close();
  proxy.close();
  proxy.closeAllConnections();
  return { client: client.name, server, scenario: scenario.name, protocol: client.protocol, meant, exchanges };
}

/** Ids keep their length: Engine.IO 3 counts characters. */
function withoutIds(text) {
  const ids = new Map();
  for (const [, id] of text.matchAll(/\\"sid\\":\\"([A-Za-z0-9_-]{20})\\"/g)) {
    if (!ids.has(id)) ids.set(id, `recorded-session-0${ids.size + 1}`.padEnd(20, '0'));
  }
  return [...ids].reduce((result, [id, name]) => result.replaceAll(id, name), text);
}

/** Text that was encoded twice contains control characters, which an editor would change. */
const escaped = (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;

function write(recording) {
  const line = (value) => JSON.stringify(value).replace(/[\u007f-\uffff]/g, escaped);
  const { meant, exchanges, ...head } = recording;
  const list = (items) => `[\n${items.map((item) => '    ' + line(item)).join(',\n')}\n  ]`;
  const fields = Object.entries(head).map(([name, value]) => `  "${name}": ${line(value)},\n`).join('');
  const lists = { meantByClient: meant.client, meantByServer: meant.server, exchanges };
  const text = `{\n${fields}${Object.entries(lists).map(([name, items]) => `  "${name}": ${list(items)}`).join(',\n')}\n}\n`;
  fs.writeFileSync(path.join(OUTPUT, `${head.client}.${head.server}.${head.scenario}.json`), withoutIds(text));
}

async function main() {
  fs.rmSync(OUTPUT, { recursive: true, force: true });
  fs.mkdirSync(OUTPUT, { recursive: true });
  for (const client of clients) {
    for (const server of client.servers) {
      for (const scenario of scenarios.filter(({ needs }) => needs?.(client) ?? true)) {
        console.log(`${client.name} ${server} ${scenario.name}`);
        write(await record(client, server, scenario));
      }
    }
  }
  process.exit(0);
}

main();
