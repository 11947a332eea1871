import { ApiError, asApiError, keyOf } from './errors.js';
import { firstScreen, isEnrolledElsewhere, terminalErrorOf } from './flow.js';
import { postResult } from './post-result.js';
import { entryScreens, linkText, screens, stepOf } from './registry.js';
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
  #screenLeft = new AbortController();
  #factor = '';
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
   */
  constructor(options, api, frame, texts) {
    this.options = options;
    this.api = api;
    this.frame = frame;
    this.texts = texts;
  }

  get byTicket() {
    return Boolean(this.options.ticket);
  }

  async start() {
    const [error] = this.options.requesterErrors;
    if (error) {
      this.#showTerminalError({ key: keyOf(error.errorCode ?? error.code), message: error.message, action: null });
      return;
    }
    if (!this.options.ticket && !this.options.requestToken) {
      this.#showTerminalError({ key: 'invalidToken', action: null });
      return;
    }
    this.#leaveScreen();
    this.#unsubscribe();
    this.transaction = null;
    this.#answerLost = false;
    const endWaiting = this.frame.showWaiting();
    try {
      const subscribes = this.options.stateCheckingMechanism !== 'manual';
      this.transaction = readTransaction(await this.api.startFlow(this.options, subscribes ? 'socket' : 'polling'));
      if (subscribes) {
        this.#unsubscribe = this.api.subscribe(() => this.#onChange());
      }
      this.#expireAfter(this.transaction.lifetime);
      const first = firstScreen(this.transaction, this.byTicket);
      endWaiting();
      if ('screen' in first) {
        this.show(first.screen);
      } else {
        this.#showTerminalError({ key: first.error, action: null });
      }
    } catch (problem) {
      endWaiting();
      this.handleError(problem);
    }
  }

  /**
   * @param {string} name
   * @param {any} [details] what only this screen needs
   */
  show(name, details) {
    this.#leaveScreen();
    this.#factor = screens[name].factor ?? this.#factor;
    const view = screens[name].render(this, this.#screenLeft.signal, details);
    const { enrolled = true, recoveryCode = '' } = this.transaction ?? {};
    this.frame.show(name, view, enrolled ? null : stepOf(name, this.#factor, recoveryCode !== ''));
  }

  #leaveScreen() {
    this.#screenLeft.abort();
    this.#screenLeft = new AbortController();
    this.#onChange = () => {};
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
    this.#showTerminalError(terminalErrorOf(error, { byTicket: this.byTicket, started: this.transaction !== null }));
  }

  #endTransaction() {
    clearTimeout(this.#expiry);
    this.#unsubscribe();
  }

  /** @param {number | null} lifetime */
  #expireAfter(lifetime) {
    clearTimeout(this.#expiry);
    if (lifetime) {
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
      this.show('reportRecoveryCode', { code, next: () => this.show('enrollmentCongrats') });
    } else {
      this.show('enrollmentCongrats');
    }
  }

  /** @param {string} [newRecoveryCode] */
  authenticated(newRecoveryCode) {
    this.#endTransaction();
    const next = () => this.show('authCongrats');
    if (newRecoveryCode) {
      this.show('reportRecoveryCode', { code: newRecoveryCode, isReplacement: true, next });
    } else {
      next();
    }
  }

  #enrolledElsewhere() {
    this.#endTransaction();
    if (this.byTicket) {
      this.show('enrollmentCongrats', { elsewhere: true });
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
    if (this.options.stateCheckingMechanism !== 'manual') {
      const check = () => this.#check(signal);
      (periodically ? checkPeriodically : checkOnReturn)(check, signal);
      this.#onChange = () => void check();
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
