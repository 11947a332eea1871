import { ApiError, asApiError } from './errors.js';
import { checkOnReturn, checkPeriodically } from './state-checks.js';

/**
 * @typedef {object} MonitorOptions
 * @property {boolean} isManual whether the page forbids to ask for the state of the transaction
 * @property {(state: Record<string, any>) => void} onState
 * @property {(problem: unknown) => void} onError
 */

/** Notices what happens to the transaction without this page: in another window, on another device, by its expiry. */
export class TransactionMonitor {
  #api;
  #options;
  #isVerifying = false;
  #answerLost = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #expiry;
  /** By the clock of the device; null if unknown. */
  #endsAt = /** @type {number | null} */ (null);
  #onEvent = () => {};
  #unsubscribe = () => {};

  /**
   * @param {import('./api.js').ApiClient} api
   * @param {MonitorOptions} options
   */
  constructor(api, options) {
    this.#api = api;
    this.#options = options;
  }

  /** @param {number | null} lifetime milliseconds until the transaction expires; null if unknown */
  start(lifetime) {
    this.#answerLost = false;
    this.#endsAt = lifetime && Date.now() + lifetime;
    if (!this.#options.isManual) {
      this.#unsubscribe = this.#api.subscribe(() => this.#onEvent());
    }
    if (lifetime && lifetime > 0) {
      this.#expiry = setTimeout(() => this.#options.onError(new ApiError(401, 'globalTransactionExpired')), lifetime);
    }
  }

  /** The milliseconds until the transaction expires; null if unknown. */
  get timeLeft() {
    return this.#endsAt && this.#endsAt - Date.now();
  }

  stop() {
    clearTimeout(this.#expiry);
    this.#unsubscribe();
  }

  /** Ignores changes, because the browser leaves the page: the page to which it comes back reads the state. */
  leave() {
    this.#isVerifying = true;
    this.stop();
  }

  /**
   * Asks for the state on events, and when the person returns to the window or at regular intervals.
   *
   * @param {AbortSignal} signal
   * @param {{ periodically?: boolean }} [options]
   */
  check(signal, { periodically = false } = {}) {
    if (!this.#options.isManual) {
      const check = () => this.#check(signal);
      (periodically ? checkPeriodically : checkOnReturn)(check, signal);
      this.#onEvent = () => void check();
      signal.addEventListener('abort', () => (this.#onEvent = () => {}), { once: true });
    }
  }

  /** @param {AbortSignal} signal */
  async #check(signal) {
    const isObsolete = () => signal.aborted || this.#isVerifying;
    try {
      const state = await this.#api.transactionState();
      if (!isObsolete()) {
        this.#options.onState(state);
      }
    } catch (problem) {
      if (!isObsolete() && asApiError(problem).status === 401) {
        this.#options.onError(problem);
      }
    }
  }

  /**
   * Sends a code. Meanwhile changes of the transaction are this page's own doing and are ignored. If the answer to an
   * earlier code was lost, that code may have been accepted, and another one would be refused: so the state is read first.
   *
   * @param {() => Promise<Record<string, any>>} request
   */
  async verify(request) {
    this.#isVerifying = true;
    try {
      if (this.#answerLost && (await this.#api.transactionState()).state === 'accepted') {
        return {};
      }
      this.#answerLost = false;
      return await request();
    } catch (problem) {
      this.#answerLost ||= asApiError(problem).status === 0;
      throw problem;
    } finally {
      this.#isVerifying = false;
    }
  }
}
