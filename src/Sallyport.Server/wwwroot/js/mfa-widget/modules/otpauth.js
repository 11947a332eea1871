/**
 * The longest URI that makes a QR code of at most version 15 at error correction level M (ISO/IEC 18004 table 7):
 * phones read denser codes from a screen only in good light.
 */
const maxLength = 412;

/**
 * The URI that an authenticator app reads from a QR code. It has only a secret and an issuer, because apps differ in the
 * other parameters that they understand. Long names are shortened.
 *
 * @param {{ issuer: string, account: string, secret: string }} key
 */
export function otpauthUri({ issuer, account, secret }) {
  const names = shorten(clean(issuer), clean(account), maxLength - compose('', ':', secret).length - '&issuer='.length);
  return compose(names.issuer, [names.issuer, names.account].filter(Boolean).join(':'), secret);
}

/**
 * The longest URI for an app that enrolls itself: a denser code, because it names the enrollment and the server.
 */
const maxPushLength = 620;

/**
 * The URI that guardian.js builds for an app on the Guardian SDK (docs/wire.md §4.7). An ordinary authenticator app reads the key from it.
 *
 * @param {{ issuer: string, account: string, secret: string, enrollmentId: string, deviceId: string, baseUrl: string }} device
 */
export function pushUri({ issuer, account, secret, enrollmentId, deviceId, baseUrl }) {
  const parameters = [
    ['enrollment_tx_id', enrollmentId], ['id', deviceId], ['base_url', baseUrl], ['algorithm', 'sha1'], ['digits', '6'], ['counter', '0'], ['period', '30'],
  ].map(([name, value]) => `&${name}=${encodeURIComponent(value)}`).join('');
  const names = shorten(clean(issuer), clean(account), maxPushLength - compose('', ':', secret).length - '&issuer='.length - parameters.length);
  return compose(names.issuer, [names.issuer, names.account].filter(Boolean).join(':'), secret) + parameters;
}

/**
 * @param {string} issuer
 * @param {string} label
 * @param {string} secret
 */
function compose(issuer, label, secret) {
  return `otpauth://totp/${label}?secret=${encodeURIComponent(secret)}${issuer && `&issuer=${issuer}`}`;
}

/**
 * Apps split the label at a colon, also at an encoded one, so names have none. A lone surrogate cannot be encoded.
 *
 * @param {string} name
 */
function clean(name) {
  const text = name.replace(/\p{Surrogate}/gu, '\ufffd');
  return text.includes(':') ? text.split(/[: ]+/).filter(Boolean).join(' ') : text;
}

/**
 * The issuer stands in the URI twice. With long names both get a third of the room; what one leaves the other gets.
 *
 * @param {string} issuer
 * @param {string} account
 * @param {number} room
 */
function shorten(issuer, account, room) {
  const left = Math.floor((room - encodeURIComponent(account).length) / 2);
  const start = encode(issuer, Math.max(Math.floor(room / 3), left));
  return { issuer: start, account: encode(account, room - 2 * start.length) };
}

/**
 * As many whole characters from the start as fit, encoded.
 *
 * @param {string} text
 * @param {number} length
 */
function encode(text, length) {
  let encoded = '';
  for (const character of characters(text)) {
    const next = encoded + encodeURIComponent(character);
    if (next.length > length) {
      break;
    }
    encoded = next;
  }
  return encoded;
}

/**
 * A character of a reader may be several code points, as most flags and many emoji are. Browsers from before 2024 may
 * lack the segmenter, and get code points.
 *
 * @param {string} text
 */
function characters(text) {
  return Intl.Segmenter ? Array.from(new Intl.Segmenter().segment(text), ({ segment }) => segment) : Array.from(text);
}
