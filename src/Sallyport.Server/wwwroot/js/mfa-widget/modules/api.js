import { ApiError, keyOf } from './errors.js';
import { hear } from './news.js';

const patience = 20_000;

/**
 * What the screens call, whoever answers.
 *
 * @typedef {Pick<Api, keyof Api>} Calls
 */

/** The calls of the browser's API. A token is kept here and goes into a header, never into an address. */
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
   * @param {'socket' | 'polling'} transport how this window wants to learn of news
   */
  async startFlow({ ticket, requestToken }, transport) {
    const authorization = ticket ? `Ticket id="${ticket}"` : `Bearer ${requestToken}`;
    const answer = await this.#json('start-flow', { state_transport: transport }, authorization);
    this.#token = String(answer.transaction_token ?? '');
    return answer;
  }

  /**
   * @param {() => void} tell when there may be news
   * @returns {() => void} ends it
   */
  hear(tell) {
    return hear(this.#base, this.#token, tell);
  }

  transactionState() {
    return this.#json('transaction-state');
  }

  /** @param {string} code */
  verifyOtp(code) {
    return this.#json('verify-otp', { type: 'manual_input', code });
  }

  /** @param {string} code */
  recoverAccount(code) {
    return this.#json('recover-account', { recovery_code: code });
  }

  /**
   * A picture of the text. The text holds a secret, so it travels in a body and never in an address.
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
  async #post(path, body, authorization, signal) {
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), patience);
    signal?.addEventListener('abort', () => stop.abort(), { once: true });
    let response;
    try {
      response = await fetch(`${this.#base}/api/${path}`, {
        method: 'POST',
        headers: this.#headers(authorization, body),
        body: body && JSON.stringify(body),
        cache: 'no-store',
        credentials: 'omit',
        referrerPolicy: 'no-referrer',
        signal: stop.signal,
      });
    } catch {
      throw ApiError.noConnection();
    } finally {
      clearTimeout(timer);
    }
    if (!response.ok) {
      throw await failure(response);
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
async function failure(response) {
  const body = await response.json().catch(() => ({}));
  const seconds = Number(response.headers.get('Retry-After') || NaN);
  return new ApiError(response.status, keyOf(body?.errorCode) || 'default', Number.isFinite(seconds) ? seconds : null);
}
