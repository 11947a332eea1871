import { alternativeLinks } from './alternative-links.js';
import { whileBusy } from './busy.js';
import { CodeForm } from './code-form.js';
import { button, el, uniqueId } from './dom.js';
import { asApiError } from './errors.js';

/** The shortest pause between two messages, in seconds. The server refuses earlier requests. */
const pause = 30;

/** How long a code works, in seconds. */
const codeLifetime = 300;

/**
 * @param {number | null} sentAt by the clock of the device; null if no code was sent
 * @param {number} now
 */
function age(sentAt, now) {
  // The clock may have been set back since.
  return sentAt === null ? Infinity : Math.max(0, (now - sentAt) / 1000);
}

/**
 * Whether a screen sends a code when it is entered. After a reload the code that was sent before is still valid.
 *
 * @param {number | null} sentAt
 * @param {number} now
 */
export function needsNewCode(sentAt, now) {
  return age(sentAt, now) >= codeLifetime;
}

/**
 * @param {number | null} sentAt
 * @param {number} now
 * @returns {number} seconds
 */
export function secondsUntilResend(sentAt, now) {
  return Math.max(0, pause - age(sentAt, now));
}

/**
 * A screen that sends a code to the person's email address and asks for it.
 *
 * @param {import('./session.js').Session} session
 * @param {AbortSignal} signal
 * @param {object} options
 * @param {string} options.group of the dictionary, which is also the name of the screen
 * @param {string} options.buttonText
 * @param {import('./dom.js').Child[]} [options.extras] shown between the field and the button
 * @param {() => void} options.accepted
 * @returns {import('./frame.js').View}
 */
export function emailCodeView(session, signal, { group, buttonText, extras, accepted }) {
  session.checkState(signal);
  const sender = new CodeSender(session, signal, group);
  const form = new CodeForm(session, signal, {
    group,
    kind: 'digits',
    length: session.transaction?.emailCodeLength ?? 6,
    buttonText,
    extras,
    errorKeys: { invalidOtp: 'invalidEmailCode', tooManyCodes: 'tooManyEmailCodes' },
    submit: (code) => session.api.verifyOtp(code),
    accepted,
  });
  sender.start();
  return {
    heading: session.texts.get(`${group}.headerText`),
    body: [sender.status, sender.error, form.node, sender.countdown],
    links: [sender.button, ...alternativeLinks(session, group)],
  };
}

/** Sends codes, and shows when the next one can be sent. */
class CodeSender {
  status = el('p', { class: 'sp-intro' }, '\u00a0');
  error = el('p', { class: 'sp-error' });
  countdown = el('p', { class: 'sp-hint', id: uniqueId('countdown') });
  button;
  #session;
  #signal;
  #group;
  #isSending = false;
  #waitUntil = 0;
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #timer;

  /**
   * @param {import('./session.js').Session} session
   * @param {AbortSignal} signal
   * @param {string} group
   */
  constructor(session, signal, group) {
    this.#session = session;
    this.#signal = signal;
    this.#group = group;
    this.button = button('text', this.#text('resendAction'), () => this.#resend(), { 'aria-describedby': this.countdown.id });
    signal.addEventListener('abort', () => clearInterval(this.#timer), { once: true });
  }

  /** Sends the first code, unless one that still works was sent before. */
  start() {
    const sentAt = this.#session.transaction?.codeSentAt ?? null;
    const now = Date.now();
    if (needsNewCode(sentAt, now)) {
      void this.#send();
    } else {
      this.status.textContent = this.#text('sentText');
      this.#wait(secondsUntilResend(sentAt, now));
    }
  }

  /**
   * @param {string} key
   * @param {Record<string, string>} [values]
   */
  #text(key, values) {
    return this.#session.texts.get(`${this.#group}.${key}`, values);
  }

  #resend() {
    if (Date.now() < this.#waitUntil) {
      this.#session.frame.announce(this.#countdownText());
    } else {
      void this.#send();
    }
  }

  async #send() {
    if (this.#isSending) {
      return;
    }
    this.#isSending = true;
    this.error.textContent = '';
    try {
      const busyLabel = this.#session.texts.get('defaults.pleaseWait');
      await whileBusy(this.button, busyLabel, () => this.#session.sendEmail());
      if (!this.#signal.aborted) {
        this.status.textContent = this.#text('sentText');
        this.#session.frame.announce(this.status.textContent);
        this.#wait(pause);
      }
    } catch (problem) {
      if (!this.#signal.aborted) {
        this.#failed(problem);
      }
    } finally {
      this.#isSending = false;
    }
  }

  /** @param {unknown} problem */
  #failed(problem) {
    const error = asApiError(problem);
    if (error.status === 429) {
      this.#showError('tooManyMessages');
      this.#wait(error.retryAfter ?? pause);
    } else if (error.key === 'connectionError') {
      this.#showError('connectionErrorRetry');
    } else if (error.status >= 500) {
      this.#showError('defaultRequest');
    } else {
      this.#session.handleError(problem);
    }
  }

  /** @param {string} key */
  #showError(key) {
    this.error.textContent = this.#session.texts.get(`errorMessages.${key}`);
    this.#session.frame.announce(this.error.textContent);
  }

  /** @param {number} seconds */
  #wait(seconds) {
    this.#waitUntil = Date.now() + seconds * 1000;
    clearInterval(this.#timer);
    this.#timer = setInterval(() => this.#tick(), 1000);
    this.#tick();
  }

  #tick() {
    const isWaiting = Date.now() < this.#waitUntil;
    this.countdown.textContent = isWaiting ? this.#countdownText() : '';
    if (isWaiting) {
      // Not `disabled`, which would take the focus away.
      this.button.setAttribute('aria-disabled', 'true');
    } else {
      this.button.removeAttribute('aria-disabled');
      clearInterval(this.#timer);
    }
  }

  #countdownText() {
    return this.#text('resendCountdown', { wait: this.#session.texts.wait((this.#waitUntil - Date.now()) / 1000).wait });
  }
}
