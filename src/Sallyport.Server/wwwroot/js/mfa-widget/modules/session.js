import { DeviceOffer } from './device-offer.js';
import { ApiError, asApiError, keyOf } from './errors.js';
import { firstScreen, isEnrolledElsewhere, terminalErrorOf } from './flow.js';
import { Navigation } from './navigation.js';
import { ResultPost } from './post-result.js';
import { readTransaction } from './transaction.js';
import { TransactionMonitor } from './transaction-monitor.js';
import { removeUnusableMethods } from './webauthn.js';

/**
 * Leads one person through the screens: holds the transaction and decides which screen comes next. Screens use the
 * session and never each other.
 */
export class Session {
  /** @type {import('./transaction.js').Transaction | null} */
  transaction = null;
  rememberBrowser;
  /**
   * What the person has typed as phone number. It is not saved.
   *
   * @type {{ region: string, number: string } | null}
   */
  phoneEntry = null;
  /** Whether the person has been offered to continue on a phone. */
  handedOver = false;
  /** Until when the server refuses codes of the person, after too many wrong ones, and whether the server has said so. */
  codeLock = { until: 0, isKnown: false };
  deviceOffer;
  #memory;
  #navigation;
  #monitor;
  #post = new ResultPost();
  /** @type {{ onRejected?: () => void, onMethods?: (methods: string[]) => void }} of the screen on show */
  #watcher = {};

  /**
   * @param {import('./options.js').Options} options
   * @param {import('./api.js').ApiClient} api
   * @param {import('./frame.js').Frame} frame
   * @param {import('./dictionary.js').Texts} texts
   * @param {import('./memory.js').Memory} memory
   */
  constructor(options, api, frame, texts, memory) {
    this.options = options;
    this.api = api;
    this.frame = frame;
    this.texts = texts;
    this.rememberBrowser = options.allowRememberBrowser && options.rememberBrowserDefault;
    this.#memory = memory;
    this.deviceOffer = new DeviceOffer(this, memory);
    this.#navigation = new Navigation(this);
    this.#monitor = new TransactionMonitor(api, {
      isManual: this.#isManual,
      onState: (state) => this.#endIfChanged(state),
      onError: (problem) => this.handleError(problem),
    });
  }

  get #isManual() {
    return this.options.stateCheckingMechanism === 'manual';
  }

  get byTicket() {
    return Boolean(this.options.ticket);
  }

  async start() {
    this.#navigation.restart();
    this.#monitor.stop();
    this.transaction = null;
    const endWaiting = this.frame.showWaiting();
    let showFirst;
    try {
      showFirst = (await this.#resume()) ?? (await this.#begin());
    } catch (problem) {
      showFirst = () => this.handleError(problem);
    }
    endWaiting();
    showFirst();
  }

  /**
   * Continues the transaction of this tab after a reload.
   *
   * @returns {Promise<(() => void) | null>} shows the screen with which it continues; null if there is nothing to continue
   */
  async #resume() {
    const { ticket, requestToken, requesterErrors } = this.options;
    const saved = this.#memory.findTransaction(this.options);
    // The application has refused a result. Other errors may be that the transaction is finished, and this tab has finished it.
    const isRefused = requesterErrors.some((error) => keyOf(errorCode(error)) !== 'signInFinished') && Boolean(ticket || requestToken);
    if (!saved || isRefused) {
      return null;
    }
    this.api.resume(String(saved.answer.transaction_token));
    let state;
    try {
      state = await this.api.transactionState();
    } catch (problem) {
      if (asApiError(problem).isTemporary) {
        throw problem;
      }
      this.#memory.forgetTransaction();
      return null;
    }
    const { reopened, codesSentAt = {}, push = null, confirmedFactor = null, isComplete = false } = saved;
    this.rememberBrowser = saved.rememberBrowser ?? this.rememberBrowser;
    const started = readTransaction(saved.answer);
    const transaction = { ...started, reopened, codesSentAt, push, confirmedFactor, phone: saved.phone ?? started.phone };
    await this.#follow(transaction, Date.now() - saved.startedAt);
    if (isComplete) {
      return () => this.finish({ resumed: true });
    }
    return () =>
      this.#endIfChanged(state, saved.newRecoveryCode) || this.#navigation.showCurrent() || this.#showFirst(transaction);
  }

  /**
   * Starts a transaction.
   *
   * @returns {Promise<() => void>} shows the first screen
   */
  async #begin() {
    const { ticket, requestToken, requesterErrors } = this.options;
    const [error] = requesterErrors;
    if (error) {
      const key = keyOf(errorCode(error));
      return () => this.#showTerminalError({ key, message: error.message, action: null });
    }
    if (!ticket && !requestToken) {
      return () => this.#showTerminalError({ key: 'invalidToken', action: null });
    }
    const answer = await this.api.startFlow(this.options, this.#isManual ? 'polling' : 'socket');
    const transaction = readTransaction(answer);
    if (ticket && transaction.secret) {
      transaction.reopened ||= this.#memory.hasOpened(ticket);
      this.#memory.markOpened(ticket);
    }
    this.#memory.saveTransaction(this.options, answer, transaction.reopened);
    await this.#follow(transaction, 0);
    return () => this.#showFirst(transaction);
  }

  /** @param {import('./transaction.js').Transaction} transaction */
  #showFirst(transaction) {
    const first = firstScreen(transaction, this.byTicket);
    if ('screen' in first) {
      this.show(first.screen);
    } else {
      this.#memory.forgetTransaction();
      this.#showTerminalError({ key: first.error, action: null });
    }
  }

  /**
   * @param {import('./transaction.js').Transaction} transaction
   * @param {number} age milliseconds
   */
  async #follow(transaction, age) {
    await removeUnusableMethods(transaction);
    this.transaction = transaction;
    this.#monitor.start(transaction.lifetime && transaction.lifetime - age);
  }

  /**
   * @param {string} screen
   * @param {any} [details] what only this screen needs
   */
  show(screen, details) {
    this.#navigation.show(screen, details);
  }

  /**
   * Goes to the previous screen.
   *
   * @param {string} fallback the screen to show if the browser cannot go back
   */
  back(fallback) {
    this.#navigation.back(fallback);
  }

  /** @param {import('./flow.js').TerminalError} error */
  #showTerminalError(error) {
    this.#endTransaction();
    this.show('generalError', error);
  }

  /** @param {unknown} problem */
  handleError(problem) {
    if (!(problem instanceof ApiError)) {
      console.error(problem);
    }
    const error = asApiError(problem);
    if (this.transaction && isEnrolledElsewhere(error)) {
      this.#enrolledElsewhere();
      return;
    }
    if (!error.isTemporary) {
      this.#memory.forgetTransaction();
    }
    this.#showTerminalError(terminalErrorOf(error, { byTicket: this.byTicket, started: this.transaction !== null }));
  }

  /**
   * Ends an enrollment that may no longer be confirmed.
   *
   * @param {string} key of the terminal error
   */
  stopAfterTooManyCodes(key) {
    this.#memory.forgetTransaction();
    this.#showTerminalError({ key, action: 'start' });
  }

  #endTransaction() {
    this.#navigation.finish();
    this.#monitor.stop();
  }

  /** Sends the browser to another site, from which it comes back. */
  leaveFor(/** @type {string} */ address) {
    this.#monitor.leave();
    location.assign(address);
  }

  /**
   * Sends a code.
   *
   * @param {() => Promise<Record<string, any>>} request
   */
  verify(request) {
    return this.#monitor.verify(request);
  }

  /**
   * Notes what has happened in the transaction, also for the page after a reload.
   *
   * @param {Partial<Pick<import('./transaction.js').Transaction, 'codesSentAt' | 'phone' | 'push' | 'confirmedFactor'>>} progress
   */
  saveProgress(progress) {
    if (this.transaction) {
      Object.assign(this.transaction, progress);
      this.#memory.saveProgress(progress);
    }
  }

  /** @param {boolean} remembers */
  setRememberBrowser(remembers) {
    this.rememberBrowser = remembers;
    this.#memory.saveProgress({ rememberBrowser: remembers });
  }

  /** The milliseconds until the transaction expires; null if unknown. */
  get timeLeft() {
    return this.#monitor.timeLeft;
  }

  /**
   * @param {import('./transaction.js').Transaction['confirmedFactor']} [factor] set where the texts that follow depend on it
   * @param {{ screen: string, name: string }} [named] the screen that first asks for the name of what was enrolled, and the name that it has
   */
  enrollmentConfirmed(factor = null, named) {
    this.#endTransaction();
    if (factor || this.transaction?.confirmedFactor === 'duo') {
      this.saveProgress({ confirmedFactor: factor });
    }
    // An enrollment with Duo confirms no recovery code.
    const code = factor !== 'duo' && this.transaction?.recoveryCode;
    if (named) {
      this.show(named.screen, { name: named.name });
    } else if (code) {
      this.show('reportRecoveryCode', { code });
    } else {
      this.complete();
    }
  }

  /**
   * A phone has enrolled itself. A ticket is finished then; a sign-in still has to be confirmed, on the phone or with one of its codes.
   *
   * @param {Record<string, any>} enrollment
   */
  #deviceEnrolled({ name, available_authenticator_types: types }) {
    const transaction = this.transaction;
    if (!transaction || !this.options.postActionURL) {
      this.enrollmentConfirmed('push');
      return;
    }
    Object.assign(transaction, { enrolled: true, awaitsAuth: true, authenticatorTypes: Array.isArray(types) ? types : [], deviceName: String(name ?? '') });
    if (transaction.recoveryCode) {
      this.show('reportRecoveryCode', { code: transaction.recoveryCode });
    } else {
      this.complete();
    }
  }

  /** @param {string} [newRecoveryCode] */
  authenticated(newRecoveryCode) {
    this.#endTransaction();
    Object.assign(this.transaction ?? {}, { awaitsAuth: false });
    if (newRecoveryCode) {
      this.#memory.saveProgress({ newRecoveryCode });
      this.show('reportRecoveryCode', { code: newRecoveryCode, isReplacement: true });
    } else {
      this.complete();
    }
  }

  /** Ends the transaction. Then a reload no longer shows the recovery code, but can still post the result. */
  complete() {
    if (this.transaction?.awaitsAuth) {
      this.show('pushAuth');
      return;
    }
    if (this.options.postActionURL) {
      this.#memory.keepResult();
    } else {
      this.#memory.forgetTransaction();
    }
    if (this.deviceOffer.isDue) {
      this.show('deviceOffer');
    } else {
      this.finish();
    }
  }

  /**
   * Shows the last screen.
   *
   * @param {{ resumed?: boolean }} [details] `resumed`: after a reload
   */
  finish(details) {
    this.#endTransaction();
    this.show(this.transaction?.enrolled ? 'authCongrats' : 'enrollmentCongrats', details);
  }

  #enrolledElsewhere() {
    this.#endTransaction();
    this.#memory.forgetTransaction();
    if (this.byTicket) {
      const savesOnPhone = this.handedOver && this.transaction?.recoveryCode;
      this.show('enrollmentCongrats', savesOnPhone ? { savesOnPhone: true } : { elsewhere: true });
    } else {
      // This sign-in still needs its second step, now with the app that has been set up elsewhere.
      void this.start();
    }
  }

  postResult() {
    return this.#post.run(this.api, this.options.postActionURL, this.rememberBrowser);
  }

  /**
   * Notices, while a screen is on show, that the transaction has changed elsewhere.
   *
   * @param {AbortSignal} signal
   * @param {{ periodically?: boolean, onRejected?: () => void, onMethods?: (methods: string[]) => void }} [options] `onMethods`: what a person can use now
   */
  checkState(signal, { periodically, ...watcher } = {}) {
    this.#watcher = watcher;
    this.#monitor.check(signal, { periodically });
  }

  /**
   * @param {Record<string, any>} state
   * @returns {boolean} whether the transaction has ended
   */
  #endIfChanged(state, newRecoveryCode = '') {
    const signsIn = this.transaction?.enrolled;
    if (state.state === 'accepted') {
      if (this.transaction?.push) {
        this.saveProgress({ confirmedFactor: 'push' });
      }
      // Only a response in this transaction accepts it, so its recovery code is the valid one.
      signsIn ? this.authenticated(newRecoveryCode) : this.enrollmentConfirmed(this.transaction?.confirmedFactor);
      return true;
    }
    if (state.state === 'rejected') {
      this.#watcher.onRejected?.();
      return false;
    }
    if (signsIn && state.enrollment) {
      this.#watcher.onMethods?.(state.enrollment.available_methods);
    }
    if (!signsIn && state.enrollment && state.enrollment.id === this.transaction?.deviceId) {
      this.#deviceEnrolled(state.enrollment);
      return true;
    }
    if (!signsIn && state.enrollment) {
      // While this transaction enrolls, the server reports only an enrollment that makes it obsolete.
      this.#enrolledElsewhere();
      return true;
    }
    return false;
  }
}

/** @param {{ errorCode?: string, code?: string }} error of the page */
function errorCode(error) {
  return error.errorCode ?? error.code;
}
