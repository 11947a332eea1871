/** What the server tells of a transaction. The names say enough: what is true is asked for then. */
const events = new Set(['enrollment:confirmed', 'login:complete', 'login:rejected']);

const firstPause = 2000;
const longestPause = 60_000;

/**
 * Hears at once when something has happened elsewhere: socket.io over a websocket (Engine.IO 4, socket.io protocol 5). It
 * is a hint and nothing more, so where no websocket gets through, all that is lost is time.
 *
 * @param {string} base of the API
 * @param {string} token of the transaction
 * @param {() => void} tell
 * @returns {() => void} ends it
 */
export function hear(base, token, tell) {
  /** @type {WebSocket | undefined} */
  let socket;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  let pause = firstPause;
  let over = false;

  const open = () => {
    try {
      socket = new WebSocket(addressOf(base));
    } catch {
      return;
    }
    socket.onmessage = ({ data }) => answer(String(data));
    socket.onclose = () => {
      if (!over) {
        timer = setTimeout(open, pause);
        pause = Math.min(2 * pause, longestPause);
      }
    };
  };

  /** @param {string} packet */
  const answer = (packet) => {
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
      } else if (events.has(name)) {
        tell();
      }
    }
  };

  const end = () => {
    over = true;
    clearTimeout(timer);
    socket?.close();
  };

  open();
  return end;
}

/** @param {string} base */
function addressOf(base) {
  const address = new URL(`${base}/socket.io/?EIO=4&transport=websocket`, document.baseURI);
  address.protocol = address.protocol === 'https:' ? 'wss:' : 'ws:';
  return address;
}
