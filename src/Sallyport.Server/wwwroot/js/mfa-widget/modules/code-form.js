import { whileBusy } from './busy.js';
import { button, el, uniqueId } from './dom.js';
import { asApiError } from './errors.js';

/**
 * @typedef {object} CodeFormOptions
 * @property {'digits' | 'letters'} kind
 * @property {number} length
 * @property {(text: string, length: number) => import('./codes.js').ReadCode} read
 * @property {string} label
 * @property {string} [hint]
 * @property {string} buttonText
 * @property {'invalidOtpFormat' | 'invalidRecoveryCodeFormat'} formatError
 * @property {import('./dom.js').Child[]} [extras] shown between the field and the button
 * @property {(code: string) => Promise<Record<string, any>>} submit
 * @property {(answer: Record<string, any>) => void} accepted
 */

const wrongCode = new Set(['invalidOtp', 'invalidOtpFormat', 'invalidRecoveryCode', 'invalidRecoveryCodeFormat']);

/** A field for one code with its button and its messages. */
export class CodeForm {
  #session;
  #options;
  #input;
  #error = el('p', { class: 'sp-error', id: uniqueId('error') });
  #button;
  #busy = false;
  #wrongCodes = 0;
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
    this.#redirectTyping();
  }

  /** A new screen focuses its heading. What is typed or pasted there is meant for this field. */
  #redirectTyping() {
    const { root } = this.#session.frame;
    const isOutside = (/** @type {Event} */ event) => !(event.target instanceof HTMLInputElement);
    root.addEventListener(
      'keydown',
      (event) => {
        if (isOutside(event) && /^[0-9]$/.test(event.key) && !event.ctrlKey && !event.metaKey && !event.altKey) {
          this.#input.focus();
        }
      },
      { signal: this.#signal },
    );
    root.addEventListener(
      'paste',
      (event) => {
        if (isOutside(event)) {
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
    if (!this.#isLocked) {
      this.#setError('');
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

  get #isLocked() {
    return Date.now() < this.#lockedUntil;
  }

  async #verify() {
    const { length, read, formatError, submit, accepted } = this.#options;
    const { value, complete } = read(this.#input.value, length);
    if (this.#busy || this.#signal.aborted) {
      return;
    }
    if (this.#isLocked) {
      this.#showLock();
      return;
    }
    if (!complete) {
      const key = value === '' ? 'fieldRequired' : formatError;
      this.#showError(this.#session.texts.get(`errorMessages.${key}`, { length: String(length) }));
      return;
    }
    this.#busy = true;
    this.#input.readOnly = true;
    try {
      const checking = this.#session.texts.get('defaults.checking');
      accepted(await whileBusy(this.#button, checking, () => this.#session.verify(() => submit(value))));
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
      this.#showError(texts.get('errorMessages.connectionErrorRetry'));
    } else if (error.status >= 500) {
      this.#showError(texts.get('errorMessages.defaultRequest'));
    } else if (wrongCode.has(error.key)) {
      this.#wrongCodes += 1;
      const again = this.#wrongCodes > 1 ? texts.find(`errorMessages.${error.key}Again`) : undefined;
      this.#showError(again ?? texts.get(`errorMessages.${error.key}`, { length: String(this.#options.length) }));
    } else {
      this.#session.handleError(problem);
    }
  }

  /** @param {number | null} seconds for which the server would refuse any code */
  #lock(seconds) {
    if (!seconds) {
      this.#showError(this.#session.texts.get('errorMessages.tooManyAttempts'));
      return;
    }
    this.#lockedUntil = Date.now() + seconds * 1000;
    this.#showLock();
    const timer = setInterval(() => {
      if (this.#isLocked) {
        this.#error.textContent = this.#lockText();
      } else {
        clearInterval(timer);
        this.#setError('');
        this.#session.frame.announce(this.#session.texts.get('successMessages.tryAgainNow'));
      }
    }, 1000);
    this.#signal.addEventListener('abort', () => clearInterval(timer), { once: true });
  }

  #showLock() {
    this.#showError(this.#lockText());
  }

  #lockText() {
    return this.#session.texts.tooManyAttempts((this.#lockedUntil - Date.now()) / 1000);
  }

  /** @param {string} text */
  #showError(text) {
    this.#setError(text);
    this.#session.frame.announce(text);
    this.#input.focus();
    this.#input.select();
  }

  /** @param {string} text */
  #setError(text) {
    this.#error.textContent = text;
    this.#input.toggleAttribute('aria-invalid', false);
    if (text) {
      this.#input.setAttribute('aria-invalid', 'true');
    }
  }
}
