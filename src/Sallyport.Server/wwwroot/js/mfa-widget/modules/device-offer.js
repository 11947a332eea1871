import { platform } from './webauthn.js';

/** How long a person who has declined is not asked again. */
const pause = 90 * 24 * 60 * 60 * 1000;

/** The offer is not made, or ends, when the result of the sign-in has to be posted: it must not expire meanwhile. */
const margin = 20_000;
const shortestTime = 60_000;

/** Offers the device of the browser, once a person has signed in with another factor and before the result is posted. */
export class DeviceOffer {
  #session;
  #memory;
  /** @type {ReturnType<import('./api.js').Api['addOfferedFactor']> | null} */
  #addition = null;
  #isOver = false;

  /**
   * @param {import('./session.js').Session} session
   * @param {import('./memory.js').Memory} memory
   */
  constructor(session, memory) {
    this.#session = session;
    this.#memory = memory;
  }

  /** The milliseconds until the result has to be posted; null if unknown. */
  get timeLeft() {
    const { timeLeft } = this.#session;
    return timeLeft && timeLeft - margin;
  }

  get isDue() {
    const { options, transaction } = this.#session;
    return (
      !this.#isOver &&
      Boolean(options.postActionURL && transaction?.enrolled && !transaction.enrollmentId) &&
      // The server offers the method where the person may enroll. A browser that cannot use it has removed it (webauthn.js).
      transaction?.enrollmentMethods.includes(platform) === true &&
      !transaction.authenticatorTypes.includes(platform) &&
      isHostedPage(options.mfaServerUrl) &&
      !this.#memory.hasDeclinedDevice(this.#person, pause) &&
      (this.timeLeft ?? Infinity) > shortestTime
    );
  }

  /**
   * Starts the transaction that adds the device.
   *
   * @returns {Promise<import('./api.js').ApiClient>} its calls
   */
  async begin() {
    this.#addition ??= this.#session.api.addOfferedFactor();
    try {
      return (await this.#addition).api;
    } catch (problem) {
      this.#addition = null;
      throw problem;
    }
  }

  /** The device was added. A person who had no recovery code has one now. */
  async accepted() {
    const { answer } = (await this.#addition) ?? {};
    const code = answer?.device_account?.recovery_code;
    this.#isOver = true;
    if (code) {
      this.#session.show('reportRecoveryCode', { code: String(code) });
    } else {
      this.#session.finish();
    }
  }

  decline() {
    this.#memory.declineDevice(this.#person);
    this.end();
  }

  end() {
    this.#isOver = true;
    this.#session.finish();
  }

  get #person() {
    const { tenantId, account } = this.#session.options;
    return `${tenantId} ${account}`;
  }
}

/**
 * Whether this page comes from the server. On others there is no call to add the device, and its credential would be of no use.
 *
 * @param {string} server
 */
function isHostedPage(server) {
  return URL.canParse?.(server, document.baseURI) === true && new URL(server, document.baseURI).origin === location.origin;
}
