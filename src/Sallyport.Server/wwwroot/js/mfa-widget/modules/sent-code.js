import { whileBusy } from './busy.js';
import { CodeForm } from './code-form.js';
import { button, el, uniqueId } from './dom.js';
import { asApiError, retryKeyOf, tooManyKeyOf } from './errors.js';

/** The shortest pause between two messages, in seconds. The server refuses earlier requests. */
const pause = 30;

/** A line without words, which keeps its place until it has some. */
const emptyLine = '\u00a0';

/** How long a code works if the tenant has not set another time, in seconds. */
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
 * @typedef {object} SentCodeOptions
 * @property {string} group of the dictionary, which is also the name of the screen
 * @property {string} factor
 * @property {number} length of the code
 * @property {string} buttonText
 * @property {import('./dom.js').Child[]} [extras] shown between the field and the button
 * @property {import('./dom.js').Child[]} links
 * @property {{ channel?: string, label: () => string }[]} resend the buttons that send another code, whose labels depend on the last one
 * @property {{ invalidOtp: string, tooManyCodes: string }} errorKeys
 * @property {string} tooManyKey of the error text for too many messages
 * @property {(channel?: string) => Promise<void>} send
 * @property {() => string} sentText says that the code is on its way
 * @property {() => void} accepted
 */

/**
 * A screen that sends a code to the person and asks for it.
 *
 * @param {import('./session.js').Session} session
 * @param {AbortSignal} signal
 * @param {SentCodeOptions} options
 * @returns {import('./frame.js').View}
 */
export function sentCodeView(session, signal, options) {
  const { group, length, buttonText, extras, errorKeys, accepted, links } = options;
  session.checkState(signal);
  const sender = new CodeSender(session, signal, options);
  const form = new CodeForm(session, signal, {
    group,
    kind: 'digits',
    length,
    buttonText,
    extras,
    errorKeys,
    submit: (code) => session.api.verifyOtp(code),
    accepted,
  });
  sender.start();
  return {
    heading: session.texts.get(`${group}.headerText`),
    body: [sender.status, sender.error, form.node, sender.countdown],
    links: [...sender.buttons, ...links],
  };
}

/**
 * Sends a code. A reload does not send another one while this one works.
 *
 * @param {import('./session.js').Session} session
 * @param {string} factor
 * @param {() => Promise<Record<string, any>>} request
 */
export async function sendCode(session, factor, request) {
  const codesSentAt = session.transaction?.codesSentAt ?? {};
  session.saveProgress({ codesSentAt: { ...codesSentAt, [factor]: Date.now() } });
  try {
    return await request();
  } catch (problem) {
    session.saveProgress({ codesSentAt });
    throw problem;
  }
}

/** Sends codes, and shows when the next one can be sent. */
class CodeSender {
  status = el('p', { class: 'sp-intro' }, emptyLine);
  error = el('p', { class: 'sp-error' });
  countdown = el('p', { class: 'sp-hint', id: uniqueId('countdown') }, emptyLine);
  buttons;
  #session;
  #signal;
  #options;
  #isSending = false;
  #waitUntil = 0;
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #timer;

  /**
   * @param {import('./session.js').Session} session
   * @param {AbortSignal} signal
   * @param {SentCodeOptions} options
   */
  constructor(session, signal, options) {
    this.#session = session;
    this.#signal = signal;
    this.#options = options;
    this.buttons = options.resend.map(({ channel, label }) => {
      const resend = button('text', label(), () => this.#resend(resend, channel), { 'aria-describedby': this.countdown.id });
      return resend;
    });
    signal.addEventListener('abort', () => clearInterval(this.#timer), { once: true });
  }

  /** Sends the first code, unless one that still works was sent before. */
  start() {
    const sentAt = this.#session.transaction?.codesSentAt[this.#options.factor] ?? null;
    const now = Date.now();
    if (needsNewCode(sentAt, now)) {
      void this.#send(this.buttons[0]);
    } else {
      this.status.textContent = this.#options.sentText();
      this.#wait(secondsUntilResend(sentAt, now));
    }
  }

  /**
   * @param {HTMLButtonElement} pressed
   * @param {string} [channel]
   */
  #resend(pressed, channel) {
    if (Date.now() < this.#waitUntil) {
      this.#session.frame.announce(this.#countdownText());
    } else {
      void this.#send(pressed, channel);
    }
  }

  /**
   * @param {HTMLButtonElement} pressed
   * @param {string} [channel]
   */
  async #send(pressed, channel) {
    if (this.#isSending) {
      return;
    }
    this.#isSending = true;
    this.error.textContent = '';
    try {
      const busyLabel = this.#session.texts.get('defaults.pleaseWait');
      await whileBusy(pressed, busyLabel, () => this.#options.send(channel));
      if (!this.#signal.aborted) {
        this.status.textContent = this.#options.sentText();
        this.#options.resend.forEach(({ label }, i) => (this.buttons[i].textContent = label()));
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
    const { texts } = this.#session;
    if (this.status.textContent === emptyLine) {
      this.status.textContent = '';
    }
    if (error.status === 429) {
      const seconds = error.retryAfter ?? pause;
      this.#showError(texts.get(`errorMessages.${tooManyKeyOf(error, this.#options.tooManyKey)}`, { wait: texts.wait(seconds).wait }));
      this.#wait(seconds);
    } else if (retryKeyOf(error)) {
      this.#showError(texts.get(`errorMessages.${retryKeyOf(error)}`));
    } else {
      this.#session.handleError(problem);
    }
  }

  /** @param {string} text */
  #showError(text) {
    this.error.textContent = text;
    this.#session.frame.announce(text);
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
    this.countdown.textContent = isWaiting ? this.#countdownText() : emptyLine;
    for (const resend of this.buttons) {
      // Not `disabled`, which would take the focus away.
      isWaiting ? resend.setAttribute('aria-disabled', 'true') : resend.removeAttribute('aria-disabled');
    }
    if (!isWaiting) {
      clearInterval(this.#timer);
    }
  }

  #countdownText() {
    const { texts } = this.#session;
    return texts.get(`${this.#options.group}.resendCountdown`, { wait: texts.wait((this.#waitUntil - Date.now()) / 1000).wait });
  }
}
