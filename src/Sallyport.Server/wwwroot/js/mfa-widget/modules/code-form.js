import { button, el, uniqueId } from './dom.js';
import { asApiError } from './errors.js';
import { whileBusy } from './pending.js';

/**
 * @typedef {object} CodeFormOptions
 * @property {'digits' | 'letters'} kind
 * @property {number} length
 * @property {(text: string, length: number) => import('./codes.js').ReadCode} read
 * @property {string} label
 * @property {string} [hint]
 * @property {string} buttonText
 * @property {'invalidOtpFormat' | 'invalidRecoveryCodeFormat'} formatError
 * @property {import('./dom.js').Child[]} [extras] between the field and the button
 * @property {(code: string) => Promise<Record<string, any>>} submit
 * @property {(answer: Record<string, any>) => void} done
 */

/** One field for a code, its button, and what is said about both. */
export class CodeForm {
  #session;
  #options;
  #input;
  #error = el('p', { class: 'sp-error', id: uniqueId('error') });
  #button;
  #busy = false;
  #wrong = 0;
  #lockedUntil = 0;
  #signal;

  /**
   * @param {import('./session.js').Session} session
   * @param {AbortSignal} signal
   * @param {CodeFormOptions} options
   */
  constructor(session, signal, options) {
    this.#session = session;
    this.#signal = signal;
    this.#options = options;
    const hint = options.hint ? el('p', { class: 'sp-hint', id: uniqueId('hint') }, options.hint) : null;
    this.#input = el('input', {
      id: uniqueId('code'),
      class: `sp-input sp-${options.kind}`,
      type: 'text',
      dir: 'ltr',
      inputmode: options.kind === 'digits' ? 'numeric' : 'text',
      autocomplete: 'one-time-code',
      autocapitalize: options.kind === 'digits' ? 'off' : 'characters',
      autocorrect: 'off',
      spellcheck: 'false',
      'aria-describedby': [this.#error.id, hint?.id].filter(Boolean).join(' '),
      oninput: (/** @type {Event} */ event) => /** @type {InputEvent} */ (event).isComposing || this.#changed(),
    });
    this.#button = button('main', options.buttonText);
    this.node = el(
      'form',
      { class: 'sp-form', novalidate: true, onsubmit: (/** @type {Event} */ event) => this.#submitted(event) },
      el('label', { class: 'sp-label', for: this.#input.id }, options.label),
      this.#input,
      this.#error,
      hint,
      ...(options.extras ?? []),
      this.#button,
    );
    this.#catchTyping();
  }

  /** The heading has the focus on a new screen; whoever starts to type or pastes there means this field. */
  #catchTyping() {
    const { root } = this.#session.frame;
    const outside = (/** @type {Event} */ event) => !(event.target instanceof HTMLInputElement);
    root.addEventListener(
      'keydown',
      (event) => {
        if (outside(event) && /^[0-9]$/.test(event.key) && !event.ctrlKey && !event.metaKey && !event.altKey) {
          this.#input.focus();
        }
      },
      { signal: this.#signal },
    );
    root.addEventListener(
      'paste',
      (event) => {
        if (outside(event)) {
          event.preventDefault();
          this.#input.focus();
          this.#input.value = event.clipboardData?.getData('text') ?? '';
          this.#changed();
        }
      },
      { signal: this.#signal },
    );
  }

  #changed() {
    const { kind, length, read } = this.#options;
    const { value, complete } = read(this.#input.value, length);
    if (value !== this.#input.value) {
      const caret = read(this.#input.value.slice(0, this.#input.selectionStart ?? 0), length).value.length;
      this.#input.value = value;
      this.#input.setSelectionRange(caret, caret);
    }
    if (!this.#locked) {
      this.#say('');
    }
    if (complete && kind === 'digits') {
      void this.#verify();
    }
  }

  /** @param {Event} event */
  #submitted(event) {
    event.preventDefault();
    void this.#verify();
  }

  get #locked() {
    return Date.now() < this.#lockedUntil;
  }

  async #verify() {
    const { length, read, formatError, submit, done } = this.#options;
    const { value, complete } = read(this.#input.value, length);
    if (this.#busy || this.#signal.aborted) {
      return;
    }
    if (this.#locked) {
      this.#sayWait();
      return;
    }
    if (!complete) {
      const key = value === '' ? 'fieldRequired' : formatError;
      this.#refuse(this.#session.texts.get(`errorMessages.${key}`, { length: String(length) }));
      return;
    }
    this.#busy = true;
    this.#input.readOnly = true;
    try {
      const checking = this.#session.texts.get('defaults.checking');
      done(await whileBusy(this.#button, checking, () => this.#session.verifying(() => submit(value))));
    } catch (problem) {
      this.#input.readOnly = false;
      this.#failed(problem);
    } finally {
      this.#busy = false;
    }
  }

  /** @param {unknown} problem */
  #failed(problem) {
    const error = asApiError(problem);
    const { texts } = this.#session;
    if (this.#signal.aborted) {
      return;
    }
    if (error.status === 429) {
      this.#lock(error.retryAfter);
    } else if (error.key === 'connectionError') {
      this.#refuse(texts.get('errorMessages.connectionErrorRetry'));
    } else if (error.status >= 500) {
      this.#refuse(texts.get('errorMessages.defaultRequest'));
    } else if (['invalidOtp', 'invalidOtpFormat', 'invalidRecoveryCode', 'invalidRecoveryCodeFormat'].includes(error.key)) {
      this.#wrong += 1;
      const again = this.#wrong > 1 ? texts.find(`errorMessages.${error.key}Again`) : undefined;
      this.#refuse(again ?? texts.get(`errorMessages.${error.key}`, { length: String(this.#options.length) }));
    } else {
      this.#session.fail(problem);
    }
  }

  /** @param {number | null} seconds until when a try would only be refused, and counted */
  #lock(seconds) {
    if (!seconds) {
      this.#refuse(this.#session.texts.get('errorMessages.tooManyAttempts'));
      return;
    }
    this.#lockedUntil = Date.now() + seconds * 1000;
    this.#sayWait();
    const timer = setInterval(() => {
      if (this.#locked) {
        this.#error.textContent = this.#waitText();
      } else {
        clearInterval(timer);
        this.#say('');
        this.#session.frame.announce(this.#session.texts.get('successMessages.tryAgainNow'));
      }
    }, 1000);
    this.#signal.addEventListener('abort', () => clearInterval(timer), { once: true });
  }

  #sayWait() {
    this.#refuse(this.#waitText());
  }

  #waitText() {
    const { wait, time } = this.#session.texts.wait((this.#lockedUntil - Date.now()) / 1000);
    const key = time ? 'tooManyAttemptsTime' : 'tooManyAttemptsWait';
    return this.#session.texts.get(`errorMessages.${key}`, { wait, time: time ?? '' });
  }

  /** @param {string} text */
  #refuse(text) {
    this.#say(text);
    this.#session.frame.announce(text);
    this.#input.focus();
    this.#input.select();
  }

  /** @param {string} text */
  #say(text) {
    this.#error.textContent = text;
    this.#input.toggleAttribute('aria-invalid', false);
    if (text) {
      this.#input.setAttribute('aria-invalid', 'true');
    }
  }
}
