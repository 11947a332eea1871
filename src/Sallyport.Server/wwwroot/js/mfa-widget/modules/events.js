/** Events that mean: ask for the state of the transaction again. Their content is not used. */
const stateEvents = new Set(['enrollment:confirmed', 'login:complete', 'login:rejected']);

const firstPause = 2000;
const longestPause = 60_000;

/**
 * Subscribes to changes of a transaction: socket.io over a WebSocket (Engine.IO 4, socket.io protocol 5). The events are
 * only hints. Where no WebSocket gets through, changes are noticed later.
 *
 * @param {string} base of the API
 * @param {string} token of the transaction
 * @param {() => void} onChange
 * @returns {() => void} ends the subscription
 */
export function subscribe(base, token, onChange) {
  /** @type {WebSocket | undefined} */
  let socket;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  let pause = firstPause;
  let ended = false;

  const connect = () => {
    try {
      socket = new WebSocket(socketAddress(base));
    } catch {
      return;
    }
    socket.onmessage = ({ data }) => receive(String(data));
    socket.onclose = () => {
      if (!ended) {
        timer = setTimeout(connect, pause);
        pause = Math.min(2 * pause, longestPause);
      }
    };
  };

  /** @param {string} packet */
  const receive = (packet) => {
    if (packet.startsWith('0')) {
      socket?.send('40');
    } else if (packet.startsWith('40')) {
      socket?.send(`42${JSON.stringify(['authenticate', { token }])}`);
    } else if (packet === '2') {
      socket?.send('3');
    } else if (packet.startsWith('42')) {
      const [name] = JSON.parse(packet.slice(2));
      pause = firstPause;
      if (name === 'unauthorized') {
        end();
      } else if (stateEvents.has(name)) {
        onChange();
      }
    }
  };

  const end = () => {
    ended = true;
    clearTimeout(timer);
    socket?.close();
  };

  connect();
  return end;
}

/** @param {string} base */
function socketAddress(base) {
  const address = new URL(`${base}/socket.io/?EIO=4&transport=websocket`, document.baseURI);
  address.protocol = address.protocol === 'https:' ? 'wss:' : 'ws:';
  return address;
}
