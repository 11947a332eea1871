import { ApiError, asApiError, keyOf } from './errors.js';
import { firstScreen, isEnrolledElsewhere, terminalErrorOf } from './flow.js';
import { Navigation } from './navigation.js';
import { postResult } from './post-result.js';
import { entryScreens, linkText } from './registry.js';
import { checkOnReturn, checkPeriodically } from './state-checks.js';
import { readTransaction } from './transaction.js';

/**
 * Leads one person through the screens: holds the transaction and decides which screen comes next. Screens use the
 * session and never each other.
 */
export class Session {
  /** @type {import('./transaction.js').Transaction | null} */
  transaction = null;
  rememberBrowser = false;
  /** Whether the person has been offered to continue on a phone. */
  handedOver = false;
  #memory;
  #navigation;
  #verifying = false;
  #answerLost = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #expiry;
  #onChange = () => {};
  #unsubscribe = () => {};

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
    this.#memory = memory;
    this.#navigation = new Navigation(this);
  }

  get byTicket() {
    return Boolean(this.options.ticket);
  }

  async start() {
    this.#navigation.restart();
    this.#unsubscribe();
    this.transaction = null;
    this.#answerLost = false;
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
    const saved = this.#memory.findTransaction(this.options);
    if (!saved) {
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
    const transaction = readTransaction(saved.answer);
    this.#follow({ ...transaction, reopened: saved.reopened }, Date.now() - saved.startedAt);
    if (state.state === 'accepted') {
      return () => (transaction.enrolled ? this.authenticated(saved.newRecoveryCode) : this.enrollmentConfirmed());
    }
    if (!transaction.enrolled && state.enrollment) {
      return () => this.#enrolledElsewhere();
    }
    return () => this.#navigation.showCurrent() || this.#showFirst(transaction);
  }

  /**
   * Starts a transaction.
   *
   * @returns {Promise<() => void>} shows the first screen
   */
  async #begin() {
    const [error] = this.options.requesterErrors;
    if (error) {
      const key = keyOf(error.errorCode ?? error.code);
      return () => this.#showTerminalError({ key, message: error.message, action: null });
    }
    const { ticket, requestToken } = this.options;
    if (!ticket && !requestToken) {
      return () => this.#showTerminalError({ key: 'invalidToken', action: null });
    }
    const answer = await this.api.startFlow(this.options, this.#subscribes ? 'socket' : 'polling');
    const transaction = readTransaction(answer);
    if (ticket && transaction.secret) {
      transaction.reopened ||= this.#memory.hasOpened(ticket);
      this.#memory.markOpened(ticket);
    }
    this.#memory.saveTransaction(this.options, answer, transaction.reopened);
    this.#follow(transaction, 0);
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

  get #subscribes() {
    return this.options.stateCheckingMechanism !== 'manual';
  }

  /**
   * @param {import('./transaction.js').Transaction} transaction
   * @param {number} age milliseconds
   */
  #follow(transaction, age) {
    this.transaction = transaction;
    if (this.#subscribes) {
      this.#unsubscribe = this.api.subscribe(() => this.#onChange());
    }
    this.#expireAfter(transaction.lifetime && transaction.lifetime - age);
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

  /** Ends an enrollment whose key may no longer be confirmed. */
  stopAfterTooManyCodes() {
    this.#memory.forgetTransaction();
    this.#showTerminalError({ key: 'tooManyCodes', action: 'start' });
  }

  #endTransaction() {
    this.#navigation.finish();
    clearTimeout(this.#expiry);
    this.#unsubscribe();
  }

  /** @param {number | null} lifetime */
  #expireAfter(lifetime) {
    clearTimeout(this.#expiry);
    if (lifetime && lifetime > 0) {
      this.#expiry = setTimeout(() => this.handleError(new ApiError(401, 'globalTransactionExpired')), lifetime);
    }
  }

  /**
   * Sends a code. While it is under way, changes of the transaction are this page's own doing and are ignored. If the
   * answer to an earlier code was lost, that code may have been accepted, and another one would be refused: so the state
   * is read first.
   *
   * @param {() => Promise<Record<string, any>>} request
   */
  async verify(request) {
    this.#verifying = true;
    try {
      if (this.#answerLost && (await this.api.transactionState()).state === 'accepted') {
        return {};
      }
      this.#answerLost = false;
      return await request();
    } catch (problem) {
      this.#answerLost ||= asApiError(problem).status === 0;
      throw problem;
    } finally {
      this.#verifying = false;
    }
  }

  enrollmentConfirmed() {
    this.#endTransaction();
    const code = this.transaction?.recoveryCode;
    if (code) {
      this.show('reportRecoveryCode', { code });
    } else {
      this.complete();
    }
  }

  /** @param {string} [newRecoveryCode] */
  authenticated(newRecoveryCode) {
    this.#endTransaction();
    if (newRecoveryCode) {
      this.#memory.saveRecoveryCode(newRecoveryCode);
      this.show('reportRecoveryCode', { code: newRecoveryCode, isReplacement: true });
    } else {
      this.complete();
    }
  }

  /** Shows the last screen, after which a reload no longer shows the recovery code. */
  complete() {
    this.#memory.forgetTransaction();
    this.show(this.transaction?.enrolled ? 'authCongrats' : 'enrollmentCongrats');
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
    return postResult(this.api, this.options.postActionURL, this.rememberBrowser);
  }

  /**
   * Notices, while a screen is on show, that the transaction has changed elsewhere.
   *
   * @param {AbortSignal} signal
   * @param {{ periodically?: boolean }} [options]
   */
  checkState(signal, { periodically = false } = {}) {
    if (this.#subscribes) {
      const check = () => this.#check(signal);
      (periodically ? checkPeriodically : checkOnReturn)(check, signal);
      this.#onChange = () => void check();
      signal.addEventListener('abort', () => (this.#onChange = () => {}), { once: true });
    }
  }

  /** @param {AbortSignal} signal */
  async #check(signal) {
    try {
      const answer = await this.api.transactionState();
      if (signal.aborted || this.#verifying) {
        return;
      }
      const signsIn = this.transaction?.enrolled;
      if (answer.state === 'accepted') {
        // Only a code of this transaction accepts it, so its recovery code is the valid one.
        signsIn ? this.authenticated() : this.enrollmentConfirmed();
      } else if (!signsIn && answer.enrollment) {
        // While this transaction enrolls, the server reports only an enrollment that makes it obsolete.
        this.#enrolledElsewhere();
      }
    } catch (problem) {
      if (!signal.aborted && !this.#verifying && asApiError(problem).status === 401) {
        this.handleError(problem);
      }
    }
  }

  /**
   * Returns the screens of other factors that the person may use instead of the one on show.
   *
   * @param {string} screen
   * @returns {{ label: string, screen: string }[]}
   */
  alternatives(screen) {
    const { enrolled = false, authenticatorTypes = [], enrollmentMethods = [] } = this.transaction ?? {};
    const entries = enrolled ? entryScreens(authenticatorTypes, 'authenticate') : entryScreens(enrollmentMethods, 'enroll');
    return entries.filter((name) => name !== screen).map((name) => ({ screen: name, label: linkText(this.texts, screen, name) }));
  }
}
