import { ApiError, asApiError, keyOf } from './errors.js';
import { supports } from './factors.js';
import { deadEndOf, firstStep, meansEnrolledElsewhere, stepOf } from './flow.js';
import { postResult } from './result.js';
import { screens } from './screens/index.js';
import { readTransaction } from './transaction.js';
import { keepAsking, onReturn } from './watch.js';

/**
 * One person's way through the screens: what the server said, where they are, and where they go next.
 * Screens know the session and never each other.
 */
export class Session {
  /** @type {import('./transaction.js').Transaction | null} */
  transaction = null;
  rememberBrowser = false;
  #leaving = new AbortController();
  #verifying = false;
  #unanswered = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #expiry;
  #onNews = () => {};
  #endNews = () => {};

  /**
   * @param {import('./options.js').Options} options
   * @param {import('./api.js').Calls} api
   * @param {import('./frame.js').Frame} frame
   * @param {import('./dictionary.js').Texts} texts
   */
  constructor(options, api, frame, texts) {
    this.options = options;
    this.api = api;
    this.frame = frame;
    this.texts = texts;
  }

  get ticket() {
    return Boolean(this.options.ticket);
  }

  async begin() {
    const [error] = this.options.requesterErrors;
    if (error) {
      this.#deadEnd({ key: keyOf(error.errorCode ?? error.code), message: error.message, action: null });
      return;
    }
    if (!this.options.ticket && !this.options.requestToken) {
      this.#deadEnd({ key: 'invalidToken', action: null });
      return;
    }
    this.#leave();
    this.#endNews();
    this.transaction = null;
    this.#unanswered = false;
    const done = this.frame.wait();
    try {
      const hears = this.options.stateCheckingMechanism !== 'manual';
      this.transaction = readTransaction(await this.api.startFlow(this.options, hears ? 'socket' : 'polling'));
      if (hears) {
        this.#endNews = this.api.hear(() => this.#onNews());
      }
      this.#expireAfter(this.transaction.lifetime);
      const first = firstStep(this.transaction, this.ticket);
      done();
      if ('screen' in first) {
        this.go(first.screen);
      } else {
        this.#deadEnd({ key: first.deadEnd, action: null });
      }
    } catch (problem) {
      done();
      this.fail(problem);
    }
  }

  /**
   * @param {string} name
   * @param {any} [details] what only this screen needs
   */
  go(name, details) {
    this.#leave();
    const view = screens[name](this, this.#leaving.signal, details);
    this.frame.show(name, view, stepOf(name, this.transaction));
  }

  #leave() {
    this.#leaving.abort();
    this.#leaving = new AbortController();
    this.#onNews = () => {};
  }

  /** @param {import('./flow.js').DeadEnd} deadEnd */
  #deadEnd(deadEnd) {
    this.#over();
    this.go('generalError', deadEnd);
  }

  /** @param {unknown} problem */
  fail(problem) {
    if (!(problem instanceof ApiError)) {
      console.error(problem);
    }
    const error = asApiError(problem);
    if (this.transaction && meansEnrolledElsewhere(error)) {
      this.#enrolledElsewhere();
      return;
    }
    this.#deadEnd(deadEndOf(error, { ticket: this.ticket, started: this.transaction !== null }));
  }

  /** The transaction has come to its end, and nothing more is heard of it. */
  #over() {
    clearTimeout(this.#expiry);
    this.#endNews();
  }

  /** @param {number | null} lifetime */
  #expireAfter(lifetime) {
    clearTimeout(this.#expiry);
    if (lifetime) {
      this.#expiry = setTimeout(() => this.fail(new ApiError(401, 'globalTransactionExpired')), lifetime);
    }
  }

  /**
   * While a code is on its way, news about the transaction are this window's own doing. If the answer to an earlier
   * code was lost, that code may have been right, and a second one would be refused.
   *
   * @param {() => Promise<Record<string, any>>} request
   */
  async verifying(request) {
    this.#verifying = true;
    try {
      if (this.#unanswered && (await this.api.transactionState()).state === 'accepted') {
        return {};
      }
      this.#unanswered = false;
      return await request();
    } catch (problem) {
      this.#unanswered ||= asApiError(problem).status === 0;
      throw problem;
    } finally {
      this.#verifying = false;
    }
  }

  enrolled() {
    this.#over();
    const code = this.transaction?.recoveryCode;
    if (code) {
      this.go('reportRecoveryCode', { code, next: () => this.go('enrollmentCongrats') });
    } else {
      this.go('enrollmentCongrats');
    }
  }

  /** @param {string} [newRecoveryCode] */
  authenticated(newRecoveryCode) {
    this.#over();
    const next = () => this.go('authCongrats');
    if (newRecoveryCode) {
      this.go('reportRecoveryCode', { code: newRecoveryCode, fresh: true, next });
    } else {
      next();
    }
  }

  #enrolledElsewhere() {
    this.#over();
    if (this.ticket) {
      this.go('enrollmentCongrats', { elsewhere: true });
    } else {
      // This sign-in still needs its second step, with the app that is set up now.
      void this.begin();
    }
  }

  finish() {
    return postResult(this.api, this.options.postActionURL, this.rememberBrowser);
  }

  /**
   * @param {AbortSignal} signal
   * @param {{ always?: boolean }} [how]
   */
  watch(signal, { always = false } = {}) {
    if (this.options.stateCheckingMechanism !== 'manual') {
      const check = () => this.#check(signal);
      (always ? keepAsking : onReturn)(check, signal);
      this.#onNews = () => void check();
    }
  }

  /** @param {AbortSignal} signal */
  async #check(signal) {
    try {
      const answer = await this.api.transactionState();
      if (signal.aborted || this.#verifying) {
        return;
      }
      const signingIn = this.transaction?.enrolled;
      if (answer.state === 'accepted') {
        // Only a code of this very transaction does that, so its recovery code is the one that counts.
        signingIn ? this.authenticated() : this.enrolled();
      } else if (!signingIn && answer.enrollment) {
        // None is told of while this transaction enrolls, but one that makes it void.
        this.#enrolledElsewhere();
      }
    } catch (problem) {
      if (!signal.aborted && !this.#verifying && asApiError(problem).status === 401) {
        this.fail(problem);
      }
    }
  }

  /**
   * The other factors that the person may use in place of the screen on show.
   *
   * @param {string} screen
   * @returns {{ label: string, screen: string }[]}
   */
  otherWays(screen) {
    const { enrolled = false, authenticatorTypes = [], enrollmentMethods = [] } = this.transaction ?? {};
    const ways = enrolled ? supports(authenticatorTypes, 'authenticate') : supports(enrollmentMethods, 'enroll');
    return ways
      .filter((way) => way.screen !== screen)
      .map((way) => ({ screen: way.screen, label: this.texts.get(`${screen}.${way.link}`) }));
  }
}
