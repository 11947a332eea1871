'use strict';

const http = require('node:http');
const net = require('node:net');
const { FrameReader } = require('./frames');

const TEXT = 1;

/** A loopback proxy that logs every request, answer and websocket frame in order. */
function startProxy(targetPort, log) {
  const proxy = http.createServer((request, response) => forwardRequest(request, response, targetPort, log));
  proxy.on('upgrade', (request, socket, head) => forwardWebSocket(request, socket, head, targetPort, log));
  return new Promise((resolve) => proxy.listen(0, '127.0.0.1', () => resolve(proxy)));
}

function query(url) {
  const parameters = new URL(url, 'http://loopback').searchParams;
  parameters.delete('t'); // the cache buster differs on every run
  return parameters.toString();
}

function body(bytes) {
  const text = bytes.toString('utf8');
  const binary = text.includes('\u0000') || !Buffer.from(text, 'utf8').equals(bytes);
  return binary ? { base64: bytes.toString('base64') } : { text };
}

function collect(stream) {
  return new Promise((resolve) => {
    const chunks = [];
    stream.on('data', (chunk) => chunks.push(chunk));
    stream.on('end', () => resolve(Buffer.concat(chunks)));
  });
}

async function forwardRequest(request, response, port, log) {
  const sent = await collect(request);
  log({ from: 'client', over: request.method, query: query(request.url), ...(sent.length ? body(sent) : {}) });

  const headers = { ...request.headers, 'accept-encoding': 'identity' };
  // Node's XMLHttpRequest drops this header of the client. A browser's does not.
  if (sent[0] === 0) headers['content-type'] = 'application/octet-stream';
  const upstream = http.request({ host: '127.0.0.1', port, path: request.url, method: request.method, headers });
  upstream.on('error', () => response.destroy());
  response.on('close', () => upstream.destroy());
  upstream.on('response', async (answer) => {
    const received = await collect(answer);
    log({ from: 'server', over: request.method, status: answer.statusCode, ...body(received) });
    response.writeHead(answer.statusCode, answer.headers);
    response.end(received);
  });
  upstream.end(sent);
}

function forwardWebSocket(request, socket, head, port, log) {
  log({ from: 'client', over: 'websocket-open', query: query(request.url) });
  const upstream = net.connect(port, '127.0.0.1', () => {
    // Without the extension header neither side compresses, so that the frames can be read.
    const headers = Object.entries(request.headers).filter(([name]) => name !== 'sec-websocket-extensions');
    upstream.write(`GET ${request.url} HTTP/1.1\r\n${headers.map(([n, v]) => `${n}: ${v}`).join('\r\n')}\r\n\r\n`);
    upstream.write(head);
    tap(socket, upstream, new FrameReader(logFrame('client', log)));
    skipAnswerHead(upstream, socket, new FrameReader(logFrame('server', log)));
  });
  for (const [one, other] of [[socket, upstream], [upstream, socket]]) {
    one.on('error', () => other.destroy());
    one.on('close', () => other.destroy());
  }
}

function logFrame(from, log) {
  return (opcode, payload) => {
    if (opcode === TEXT) log({ from, over: 'websocket', text: payload.toString('utf8') });
  };
}

function tap(source, destination, reader) {
  source.on('data', (chunk) => {
    reader.push(chunk);
    destination.write(chunk);
  });
}

function skipAnswerHead(upstream, socket, reader) {
  let answer = Buffer.alloc(0);
  const onData = (chunk) => {
    socket.write(chunk);
    answer = Buffer.concat([answer, chunk]);
    const end = answer.indexOf('\r\n\r\n');
    if (end < 0) return;
    upstream.off('data', onData);
    reader.push(answer.subarray(end + 4));
    tap(upstream, socket, reader);
  };
  upstream.on('data', onData);
}

module.exports = { startProxy };
