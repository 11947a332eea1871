const transactionKey = 'sallyport.mfa-widget.transaction';
const openedKey = 'sallyport.mfa-widget.opened';
const maxOpened = 20;
const declinedKey = 'sallyport.mfa-widget.declined-device';
const maxDeclined = 20;

/**
 * @typedef {object} SavedTransaction
 * @property {string} credential the ticket or request token
 * @property {string} address of the page
 * @property {string} account as the page showed it, because the page of a used ticket no longer knows it
 * @property {number} startedAt by the clock of the device
 * @property {Record<string, any>} answer to `start-flow`
 * @property {boolean} reopened
 * @property {string} [newRecoveryCode] that replaced the one with which the person signed in
 * @property {Record<string, number>} [codesSentAt] when the last code of each factor was sent, by the clock of the device
 * @property {{ number: string, channel: string } | null} [phone]
 * @property {import('./transaction.js').PushProgress | null} [push]
 * @property {'email' | 'push' | 'sms' | 'webauthn-roaming' | 'webauthn-platform' | 'duo' | null} [confirmedFactor]
 * @property {boolean} [rememberBrowser] whether the person has ticked the box, once they have used it
 * @property {boolean} [isComplete] the last screen was shown, and only the result is kept
 *
 * @typedef {{ ticket: string, requestToken: string }} Credentials
 */

/**
 * What the browser remembers: for this tab the transaction, until it ends, so that reloading the page continues it; for all
 * tabs which links have been opened, because each start of a transaction replaces the key that was shown before.
 */
export class Memory {
  #session;
  #local;
  #address;

  /**
   * @param {Storage | null} session
   * @param {Storage | null} local
   * @param {string} address of the page
   */
  constructor(session, local, address) {
    this.#session = session;
    this.#local = local;
    this.#address = address;
  }

  /** A memory that uses the browser's storage, where the page may use it. */
  static ofBrowser() {
    const { origin, pathname, search } = location;
    return new Memory(storage('sessionStorage'), storage('localStorage'), origin + pathname + search);
  }

  /**
   * Finds the transaction of a credential. The page of a used ticket no longer has the ticket, so there the transaction is
   * found by the address of the page.
   *
   * @param {Credentials} credentials
   * @returns {SavedTransaction | null}
   */
  findTransaction({ ticket, requestToken }) {
    const saved = read(this.#session, transactionKey);
    const credential = ticket || requestToken;
    const matches = credential ? saved?.credential === credential : saved?.address === this.#address;
    return matches ? saved : null;
  }

  /**
   * @param {Credentials & { account?: string }} options
   * @param {Record<string, any>} answer
   * @param {boolean} reopened
   */
  saveTransaction({ ticket, requestToken, account = '' }, answer, reopened) {
    const saved = { credential: ticket || requestToken, address: this.#address, account, startedAt: Date.now(), answer, reopened };
    write(this.#session, transactionKey, saved);
  }

  /**
   * Adds to the saved transaction what has happened since it was started.
   *
   * @param {Partial<Pick<SavedTransaction, 'newRecoveryCode' | 'codesSentAt' | 'phone' | 'push' | 'confirmedFactor' | 'rememberBrowser'>>} progress
   */
  saveProgress(progress) {
    const saved = read(this.#session, transactionKey);
    write(this.#session, transactionKey, saved && { ...saved, ...progress });
  }

  /** Forgets the secrets of a transaction, but not how to fetch its result. */
  keepResult() {
    const saved = read(this.#session, transactionKey);
    const { transaction_token, enrollment_tx_id } = saved?.answer ?? {};
    write(
      this.#session,
      transactionKey,
      saved && { ...saved, answer: { transaction_token, enrollment_tx_id }, newRecoveryCode: undefined, isComplete: true },
    );
  }

  forgetTransaction() {
    write(this.#session, transactionKey, null);
  }

  /** @param {string} ticket */
  hasOpened(ticket) {
    return this.#opened().includes(checksum(ticket));
  }

  /** @param {string} ticket */
  markOpened(ticket) {
    const others = this.#opened().filter((other) => other !== checksum(ticket));
    write(this.#local, openedKey, [...others, checksum(ticket)].slice(-maxOpened));
  }

  /**
   * Whether a person has said, no longer ago than that, that they do not want to set up this device.
   *
   * @param {string} person
   * @param {number} milliseconds
   */
  hasDeclinedDevice(person, milliseconds) {
    const time = this.#declined().find(([other]) => other === checksum(person))?.[1];
    return typeof time === 'number' && Math.abs(Date.now() - time) < milliseconds;
  }

  /** @param {string} person */
  declineDevice(person) {
    const others = this.#declined().filter(([other]) => other !== checksum(person));
    write(this.#local, declinedKey, [...others, [checksum(person), Date.now()]].slice(-maxDeclined));
  }

  /** @returns {[string, unknown][]} the checksum of a person, and when they declined, by the clock of the device */
  #declined() {
    const declined = read(this.#local, declinedKey);
    return Array.isArray(declined) ? declined.filter((entry) => Array.isArray(entry) && entry.length === 2) : [];
  }

  /** @returns {string[]} */
  #opened() {
    const opened = read(this.#local, openedKey);
    return Array.isArray(opened) ? opened : [];
  }
}

/**
 * FNV-1a with 32 bits: enough to recognize a link, not enough to reconstruct it.
 *
 * @param {string} text
 */
function checksum(text) {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193) >>> 0;
  }
  return hash.toString(16);
}

/**
 * Sandboxed pages and strict privacy settings forbid storage.
 *
 * @param {'sessionStorage' | 'localStorage'} name
 */
function storage(name) {
  try {
    return window[name];
  } catch {
    return null;
  }
}

/**
 * @param {Storage | null} from
 * @param {string} key
 */
function read(from, key) {
  try {
    return JSON.parse(from?.getItem(key) ?? 'null');
  } catch {
    return null;
  }
}

/**
 * @param {Storage | null} to
 * @param {string} key
 * @param {unknown} value `null` removes the entry
 */
function write(to, key, value) {
  try {
    if (value === null) {
      to?.removeItem(key);
    } else {
      to?.setItem(key, JSON.stringify(value));
    }
  } catch {
    // Storage is full or forbidden. Then a reload starts a new transaction.
  }
}
