import { ApiError, keyOf } from './errors.js';
import { subscribe } from './events.js';

const requestTimeout = 20_000;

/**
 * The calls that screens make. `Api` sends them to the server, `PreviewApi` answers them itself.
 *
 * @typedef {Pick<Api, keyof Api>} ApiClient
 */

/** Calls the Guardian API for browsers. Tokens are sent in headers, never in addresses. */
export class Api {
  #base;
  #trackingId;
  #token = '';

  /**
   * @param {string} base
   * @param {string} [trackingId]
   */
  constructor(base, trackingId) {
    this.#base = base.replace(/\/+$/, '');
    this.#trackingId = trackingId;
  }

  /**
   * @param {{ ticket?: string, requestToken?: string }} credentials
   * @param {'socket' | 'polling'} transport how this page learns of changes to the transaction
   */
  async startFlow({ ticket, requestToken }, transport) {
    const authorization = ticket ? `Ticket id="${ticket}"` : `Bearer ${requestToken}`;
    const answer = await this.#json('start-flow', { state_transport: transport }, authorization);
    this.#token = String(answer.transaction_token ?? '');
    return answer;
  }

  /**
   * Continues a transaction that was started before the page was loaded.
   *
   * @param {string} token
   */
  resume(token) {
    this.#token = token;
  }

  /**
   * @param {() => void} onChange called when the transaction may have changed
   * @returns {() => void} ends the subscription
   */
  subscribe(onChange) {
    return subscribe(this.#base, this.#token, onChange);
  }

  transactionState() {
    return this.#json('transaction-state');
  }

  /** @param {string} code */
  verifyOtp(code) {
    return this.#json('verify-otp', { type: 'manual_input', code });
  }

  /** Sends a code to the person's email address. Only the newest code works. */
  sendEmail() {
    return this.#json('send-email');
  }

  /**
   * Sends a code to the person's phone. Only the newest code works.
   *
   * @param {string} [channel] `sms` or `voice`; left out for the one that the person prefers
   */
  sendSms(channel) {
    return this.#json('send-sms', channel ? { message_type: channel } : undefined);
  }

  /**
   * Stores the number of the phone that is enrolled, and sends a code to it.
   *
   * @param {string} id of the account in the answer to `start-flow`
   * @param {string} number
   */
  enrollPhone(id, number) {
    return this.#json(`device-accounts/${encodeURIComponent(id)}/sms-enroll`, { phone_number: number });
  }

  /**
   * Sends a message to the person's phone. Only the newest one can be answered.
   *
   * @returns {Promise<Record<string, any>>} with `binding_message` if the person compares a number
   */
  sendPush() {
    return this.#json('send-push-notification');
  }

  /**
   * Asks for a challenge for a security key or this device.
   *
   * @param {string} method
   */
  webAuthnChallenge(method) {
    return this.#json('webauthn/challenge', { method });
  }

  /** @param {object} credential the browser's answer */
  webAuthnVerify(credential) {
    return this.#json('webauthn/verify', { credential });
  }

  /** @param {string} name for the credential that this transaction has registered */
  webAuthnName(name) {
    return this.#json('webauthn/name', { name });
  }

  /**
   * Has this browser remembered, once the sign-in is accepted. The server sets a cookie that no script reads. Works on the hosted page only:
   * the cookie is for its path.
   */
  async rememberBrowser() {
    await this.#send(new URL('remember-browser', location.href).href, `Bearer ${this.#token}`, { credentials: 'same-origin' });
  }

  /**
   * Begins to add the factor that is offered after a sign-in. Works on the hosted page only.
   *
   * @returns {Promise<{ api: ApiClient, answer: Record<string, any> }>} the calls of the transaction that adds it, and the answer to its start
   */
  async addOfferedFactor() {
    const response = await this.#send(new URL('offered-factor', location.href).href, `Bearer ${this.#token}`, { credentials: 'same-origin' });
    const { request_token: requestToken } = await response.json();
    const api = new Api(this.#base, this.#trackingId);
    return { api, answer: await api.startFlow({ requestToken }, 'polling') };
  }

  /**
   * Asks for the address at Duo to which the browser goes next. The server sets a cookie without which the browser cannot come back.
   *
   * @param {string} returnPath
   */
  async startDuo(returnPath) {
    const options = { body: { return_path: returnPath }, credentials: /** @type {const} */ ('same-origin') };
    const response = await this.#send(`${this.#base}/api/duo/authorize`, `Bearer ${this.#token}`, options);
    return response.json();
  }

  /** @param {string} code */
  recoverAccount(code) {
    return this.#json('recover-account', { recovery_code: code });
  }

  /**
   * Returns a QR code of the text as an image. The text may contain a secret, so it is sent in the body.
   *
   * @param {string} text
   * @param {AbortSignal} signal
   */
  async qrCode(text, signal) {
    const response = await this.#post('qr-code', { text }, `Bearer ${this.#token}`, signal);
    return response.blob();
  }

  /**
   * @param {string} path
   * @param {object} [body]
   * @param {string} [authorization]
   * @returns {Promise<Record<string, any>>}
   */
  async #json(path, body, authorization = `Bearer ${this.#token}`) {
    const response = await this.#post(path, body, authorization);
    return response.json().catch(() => ({}));
  }

  /**
   * @param {string} path
   * @param {object | undefined} body
   * @param {string} authorization
   * @param {AbortSignal} [signal]
   */
  #post(path, body, authorization, signal) {
    return this.#send(`${this.#base}/api/${path}`, authorization, { body, signal });
  }

  /**
   * @param {string} address
   * @param {string} authorization
   * @param {{ body?: object, signal?: AbortSignal, credentials?: RequestCredentials }} options
   */
  async #send(address, authorization, { body, signal, credentials = 'omit' }) {
    const abort = new AbortController();
    const timer = setTimeout(() => abort.abort(), requestTimeout);
    signal?.addEventListener('abort', () => abort.abort(), { once: true });
    let response;
    try {
      response = await fetch(address, {
        method: 'POST',
        headers: this.#headers(authorization, body),
        body: body && JSON.stringify(body),
        cache: 'no-store',
        credentials,
        referrerPolicy: 'no-referrer',
        signal: abort.signal,
      });
    } catch {
      throw ApiError.noConnection();
    } finally {
      clearTimeout(timer);
    }
    if (!response.ok) {
      throw await readError(response);
    }
    return response;
  }

  /**
   * @param {string} authorization
   * @param {object | undefined} body
   */
  #headers(authorization, body) {
    const headers = new Headers({ Accept: 'application/json', Authorization: authorization });
    if (body) {
      headers.set('Content-Type', 'application/json');
    }
    if (this.#trackingId) {
      headers.set('x-global-tracking-id', this.#trackingId);
    }
    return headers;
  }
}

/** @param {Response} response */
async function readError(response) {
  const body = await response.json().catch(() => ({}));
  const key = keyOf(body?.errorCode) || 'default';
  return new ApiError(response.status, key, {
    retryAfter: numberIn(response, 'Retry-After'),
    remaining: numberIn(response, 'X-RateLimit-Remaining'),
  });
}

/**
 * @param {Response} response
 * @param {string} header
 */
function numberIn(response, header) {
  const value = Number(response.headers.get(header) || NaN);
  return Number.isFinite(value) ? value : null;
}
