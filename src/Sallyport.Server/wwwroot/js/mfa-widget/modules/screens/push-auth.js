import { alternativeLinks } from '../alternative-links.js';
import { whileBusy } from '../busy.js';
import { button, el } from '../dom.js';
import { asApiError } from '../errors.js';
import { rememberBrowserBox } from '../remember-browser.js';

/** The seconds after which the screen says that nothing has come, and offers to send again. */
const patience = 45;

/** @type {import('../registry.js').Screen} */
export const pushAuth = {
  factor: 'push',
  entry: 'authenticate',
  render(session, signal) {
    const wait = new PushWait(session, signal);
    session.checkState(signal, {
      periodically: true,
      onRejected: () => wait.rejected(),
      onMethods: (methods) => methods.includes('push') || wait.unreachable(),
    });
    void wait.start();
    return {
      heading: session.texts.get('pushAuth.headerText'),
      body: [wait.status, wait.number, wait.error, rememberBrowserBox(session), wait.button, wait.countdown],
      links: alternativeLinks(session, 'pushAuth'),
    };
  },
};

/** Sends messages to the phone, and says what the page waits for. */
class PushWait {
  status = el('p', { class: 'sp-intro', role: 'status' });
  number = el('p', { class: 'sp-compare', hidden: true });
  error = el('p', { class: 'sp-error' });
  countdown = el('p', { class: 'sp-hint' });
  button;
  #session;
  #signal;
  #isSending = false;
  #isRejected = false;
  #isUnreachable = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  #waitUntil = 0;

  /**
   * @param {import('../session.js').Session} session
   * @param {AbortSignal} signal
   */
  constructor(session, signal) {
    this.#session = session;
    this.#signal = signal;
    this.button = button('main', this.#text('pushTimeout.resendAction'), () => this.#send());
    this.button.hidden = true;
    signal.addEventListener('abort', () => clearTimeout(this.#timer), { once: true });
  }

  /** Sends a message, unless one that was sent before a reload is still awaited. */
  async start() {
    const push = this.#session.transaction?.push;
    const age = push ? (Date.now() - push.sentAt) / 1000 : Infinity;
    if (push && age >= 0 && age < patience) {
      this.#wait(push.bindingMessage, patience - age);
    } else {
      await this.#send();
    }
  }

  /** The person has rejected the sign-in on the phone. The state says so until another message is sent. */
  rejected() {
    if (!this.#isRejected && !this.#isSending) {
      this.#isRejected = true;
      this.#stopWaiting();
      this.#say('rejectedText');
      this.button.hidden = false;
    }
  }

  /** The push service has said that the app is gone, so the message that was sent does not arrive. The links lead on. */
  unreachable() {
    if (!this.#isSending && !this.#isUnreachable) {
      this.#isUnreachable = true;
      this.#stopWaiting();
      this.#showError('pnEndpointDisabled');
      this.button.hidden = true;
    }
  }

  /**
   * @param {string} key
   * @param {Record<string, string>} [values]
   */
  #text(key, values) {
    return this.#session.texts.get(`pushAuth.${key}`, values);
  }

  /** @param {string} key */
  #say(key) {
    this.status.textContent = this.#text(key, { phoneName: this.#session.transaction?.deviceName || this.#text('yourPhone') });
    this.#session.frame.announce(this.status.textContent);
  }

  async #send() {
    if (this.#isSending) {
      return;
    }
    this.#isSending = true;
    this.error.textContent = '';
    try {
      const busyLabel = this.#session.texts.get('defaults.pleaseWait');
      const { binding_message: bindingMessage = '' } = await whileBusy(this.button, busyLabel, () => this.#session.api.sendPush());
      const push = { sentAt: Date.now(), bindingMessage: String(bindingMessage) };
      this.#session.saveProgress({ push });
      if (!this.#signal.aborted) {
        this.#isRejected = false;
        this.#wait(push.bindingMessage, patience);
      }
    } catch (problem) {
      if (!this.#signal.aborted) {
        this.#failed(problem);
      }
    } finally {
      this.#isSending = false;
    }
  }

  /**
   * @param {string} bindingMessage
   * @param {number} seconds
   */
  #wait(bindingMessage, seconds) {
    this.button.hidden = true;
    this.number.hidden = bindingMessage === '';
    this.number.replaceChildren(this.#text('compareText'), ' ', el('strong', { dir: 'ltr' }, bindingMessage));
    this.#say('sentText');
    this.#waitUntil = Date.now() + seconds * 1000;
    clearTimeout(this.#timer);
    this.#tick();
  }

  #tick() {
    const seconds = (this.#waitUntil - Date.now()) / 1000;
    if (seconds > 0) {
      this.countdown.textContent = this.#text('resendCountdown', { wait: this.#session.texts.wait(seconds).wait });
      this.#timer = setTimeout(() => this.#tick(), Math.min(seconds, 1) * 1000);
    } else {
      this.countdown.textContent = '';
      this.#say('pushTimeout.timeoutText');
      this.button.hidden = false;
    }
  }

  /** Nothing that was sent can be answered any more. */
  #stopWaiting() {
    clearTimeout(this.#timer);
    this.countdown.textContent = '';
    this.number.hidden = true;
  }

  /** @param {unknown} problem */
  #failed(problem) {
    const error = asApiError(problem);
    const known = { 429: 'tooManyPn', 403: 'pnEndpointDisabled', 404: 'pushNotificationNotConfigured' };
    const key = known[/** @type {keyof typeof known} */ (error.status)]
      ?? (error.key === 'connectionError' ? 'connectionErrorRetry' : error.status >= 500 ? 'defaultRequest' : null);
    if (!key) {
      this.#session.handleError(problem);
      return;
    }
    this.#stopWaiting();
    this.#showError(key);
    // Where no message can be sent, the links lead on.
    this.button.hidden = error.status === 403 || error.status === 404;
  }

  /** @param {string} key */
  #showError(key) {
    this.status.textContent = '';
    this.error.textContent = this.#session.texts.get(`errorMessages.${key}`);
    this.#session.frame.announce(this.error.textContent);
  }
}
