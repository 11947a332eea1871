import { alternativeLinks } from './alternative-links.js';
import { whileBusy } from './busy.js';
import { button, el } from './dom.js';
import { asApiError } from './errors.js';
import { CeremonyError, isSupported, performCeremony, platform } from './webauthn.js';

/**
 * @typedef {object} CeremonyOptions
 * @property {string} group of the dictionary
 * @property {import('./credential-screens.js').Method} method
 * @property {(answer: Record<string, any>) => void} accepted
 * @property {() => Promise<import('./api.js').ApiClient>} [begin] returns the calls of the transaction that the credential is for, if it is not
 *   that of the session. Its errors do not end the session's
 *
 * @typedef {CeremonyOptions & { screen: string, extras?: import('./dom.js').Child[] }} CredentialOptions `screen`: the name of the screen;
 *   `extras`: shown above the button
 */

/**
 * A screen with a button that starts a ceremony of the browser.
 *
 * @param {import('./session.js').Session} session
 * @param {AbortSignal} signal
 * @param {CredentialOptions} options
 * @param {{ chosen?: boolean }} details `chosen`: the person has just clicked the link to this screen
 * @returns {import('./frame.js').View}
 */
export function credentialView(session, signal, options, { chosen = false }) {
  session.checkState(signal);
  const t = textsOf(session, options);
  const view = { heading: t('headerText'), links: alternativeLinks(session, options.screen) };
  if (!isSupported()) {
    return { ...view, body: [el('p', { class: 'sp-notice' }, t('unsupported'))] };
  }
  const run = new CeremonyRun(session, signal, options);
  // A person who has just chosen the key need not press another button. After a reload nobody has clicked.
  if (chosen && navigator.userActivation?.isActive && session.transaction?.enrolled) {
    void run.start();
  }
  return { ...view, intro: t('intro'), body: [run.error, ...(options.extras ?? []), run.button] };
}

/**
 * The texts of a group. Those for the device of the browser end in `Device`.
 *
 * @param {import('./session.js').Session} session
 * @param {{ group: string, method: string }} options
 */
export function textsOf({ texts }, { group, method }) {
  return (/** @type {string} */ key, /** @type {Record<string, string>} */ values = {}) =>
    (method === platform ? texts.find(`${group}.${key}Device`, values) : undefined) ?? texts.get(`${group}.${key}`, values);
}

/** Runs ceremonies, one at a time, until one is accepted. */
export class CeremonyRun {
  error = el('p', { class: 'sp-error' });
  button;
  #session;
  #signal;
  #options;
  #t;
  #isRunning = false;

  /**
   * @param {import('./session.js').Session} session
   * @param {AbortSignal} signal
   * @param {CeremonyOptions} options
   */
  constructor(session, signal, options) {
    this.#session = session;
    this.#signal = signal;
    this.#options = options;
    this.#t = textsOf(session, options);
    this.button = button('main', this.#t('startButtonText'), () => void this.start());
  }

  async start() {
    if (this.#isRunning || this.#signal.aborted) {
      return;
    }
    this.#isRunning = true;
    this.error.textContent = '';
    try {
      const answer = await whileBusy(this.button, this.#t('waiting'), () => this.#perform());
      this.#options.accepted(answer);
    } catch (problem) {
      if (!this.#signal.aborted) {
        this.#failed(problem);
      }
    } finally {
      this.#isRunning = false;
    }
  }

  async #perform() {
    const { begin, method } = this.#options;
    const api = begin ? await begin() : this.#session.api;
    const challenge = await api.webAuthnChallenge(method);
    const credential = await performCeremony(challenge, this.#signal);
    const verify = () => api.webAuthnVerify(credential);
    return begin ? verify() : this.#session.verify(verify);
  }

  /** @param {unknown} problem */
  #failed(problem) {
    const { texts } = this.#session;
    if (problem instanceof CeremonyError) {
      this.#showError(this.#t(problem.reason === 'registered' ? 'alreadyRegistered' : problem.reason));
      return;
    }
    const error = asApiError(problem);
    if (error.key === 'invalidCredential' && error.remaining !== 0) {
      this.#showError(this.#t('refused'));
    } else if (error.status === 429) {
      this.#showError(texts.tooManyAttempts(error.retryAfter ?? 60));
    } else if (error.key === 'connectionError') {
      this.#showError(texts.get('errorMessages.connectionErrorRetry'));
    } else if (error.status >= 500 || this.#options.begin) {
      this.#showError(texts.get('errorMessages.defaultRequest'));
    } else {
      this.#session.handleError(problem);
    }
  }

  /** @param {string} text */
  #showError(text) {
    this.error.textContent = text;
    this.#session.frame.announce(text);
    this.button.textContent = this.#session.texts.get('defaults.tryAgainButtonText');
    this.button.focus();
  }
}
