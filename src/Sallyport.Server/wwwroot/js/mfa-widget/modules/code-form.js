import { whileBusy } from './busy.js';
import { readDigits, readLetters } from './codes.js';
import { button, el, uniqueId } from './dom.js';
import { asApiError, retryKeyOf } from './errors.js';
import { redirectTyping } from './redirect-typing.js';
import { supportContact } from './support-contact.js';

/**
 * @typedef {object} CodeFormOptions
 * @property {string} group of the dictionary, which has the texts `codePlaceholder` and, optionally, `hint`
 * @property {'digits' | 'letters'} kind
 * @property {number} length
 * @property {string} buttonText
 * @property {import('./dom.js').Child[]} [extras] shown between the field and the button
 * @property {{ invalidOtp?: string, tooManyCodes?: string }} [errorKeys] keys of error texts, in place of those for an app's code
 * @property {(code: string) => Promise<Record<string, any>>} submit
 * @property {(answer: Record<string, any>) => void} accepted
 */

const kinds = {
  digits: { read: readDigits, key: /^[0-9]$/, inputmode: 'numeric', autocapitalize: 'off', formatError: 'invalidOtpFormat' },
  letters: { read: readLetters, key: /^[0-9a-z]$/i, inputmode: 'text', autocapitalize: 'characters', formatError: 'invalidRecoveryCodeFormat' },
};

const wrongCodeErrors = new Set(['invalidOtp', 'invalidOtpFormat', 'invalidRecoveryCode', 'invalidRecoveryCodeFormat']);

/** What to say when few tries are left, by their number. */
const triesLeftKeys = new Map([[1, 'oneTryLeft'], [2, 'twoTriesLeft'], [3, 'threeTriesLeft']]);

/** The digits of an app's code, for which the field has generous spacing. */
const usualDigits = 6;

/** The seconds for which the form is locked if the server does not say when the next try is possible. */
const defaultLock = 300;

/** A field for one code with its button and its messages. */
export class CodeForm {
  #session;
  #options;
  #input;
  #error = el('p', { class: 'sp-error', id: uniqueId('error') });
  #hint;
  #hintText;
  #support;
  #button;
  #busy = false;
  #wrongCodes = 0;
  /** The code that was refused last, and what was said about it. */
  #refused = { code: '', text: '' };
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
    const { key, inputmode, autocapitalize } = kinds[options.kind];
    const values = { length: String(options.length) };
    this.#hintText = session.texts.find(`${options.group}.hint`, values) ?? '';
    this.#hint = el('p', { class: 'sp-hint', id: uniqueId('hint') }, this.#hintText);
    this.#support = el('div', { hidden: true }, supportContact(session));
    this.#input = el('input', {
      id: uniqueId('code'),
      class: `sp-input sp-${options.kind}${options.kind === 'digits' && options.length > usualDigits ? ' sp-long' : ''}`,
      type: 'text',
      dir: 'ltr',
      inputmode,
      autocomplete: 'one-time-code',
      autocapitalize,
      autocorrect: 'off',
      spellcheck: 'false',
      'aria-describedby': `${this.#error.id} ${this.#hint.id}`,
      oninput: (/** @type {Event} */ event) => /** @type {InputEvent} */ (event).isComposing || this.#changed(),
    });
    this.#button = button('main', options.buttonText);
    this.node = el(
      'form',
      { class: 'sp-form', novalidate: true, onsubmit: (/** @type {Event} */ event) => this.#submitted(event) },
      el('label', { class: 'sp-label', for: this.#input.id }, session.texts.get(`${options.group}.codePlaceholder`, values)),
      this.#input,
      this.#error,
      this.#support,
      this.#hint,
      ...(options.extras ?? []),
      this.#button,
    );
    redirectTyping(session.frame.root, this.#input, { key, changed: () => this.#changed(), signal });
    if (this.#isLocked) {
      this.#showLock();
    }
  }

  #changed() {
    const { kind, length } = this.#options;
    const { read } = kinds[kind];
    const { value, complete } = read(this.#input.value, length);
    if (value !== this.#input.value) {
      const caret = read(this.#input.value.slice(0, this.#input.selectionStart ?? 0), length).value.length;
      this.#input.value = value;
      this.#input.setSelectionRange(caret, caret);
    }
    this.#setError('');
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
    return Date.now() < this.#session.codeLock.until;
  }

  async #verify() {
    const { kind, length, submit, accepted } = this.#options;
    const { read, formatError } = kinds[kind];
    const { value, complete } = read(this.#input.value, length);
    if (this.#busy || this.#isLocked || this.#signal.aborted) {
      return;
    }
    if (value === this.#refused.code && value !== '') {
      // Sending it again would only cost another try.
      this.#showError(this.#refused.text);
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
      this.#failed(value, problem);
    } finally {
      this.#busy = false;
    }
  }

  /**
   * @param {string} code
   * @param {unknown} problem
   */
  #failed(code, problem) {
    const error = asApiError(problem);
    const { texts } = this.#session;
    if (this.#signal.aborted) {
      return;
    }
    if (this.#endsEnrollment(error)) {
      this.#session.stopAfterTooManyCodes(this.#options.errorKeys?.tooManyCodes ?? 'tooManyCodes');
    } else if (error.status === 429) {
      this.#lock(error.retryAfter);
    } else if (retryKeyOf(error)) {
      this.#showError(texts.get(`errorMessages.${retryKeyOf(error)}`));
    } else if (wrongCodeErrors.has(error.key)) {
      this.#refuse(code, error);
    } else {
      this.#session.handleError(problem);
    }
  }

  /**
   * Wrong codes end an enrollment for good, but lock a sign-in only for a while.
   *
   * @param {import('./errors.js').ApiError} error
   */
  #endsEnrollment(error) {
    const isEnrolling = this.#session.transaction?.enrolled === false;
    const wasLastTry = wrongCodeErrors.has(error.key) && error.remaining === 0;
    return isEnrolling && (wasLastTry || (error.key === 'tooManyAttempts' && error.retryAfter === null));
  }

  /**
   * @param {string} code
   * @param {import('./errors.js').ApiError} error
   */
  #refuse(code, { key: errorKey, remaining }) {
    const { texts, transaction } = this.#session;
    const key = (errorKey === 'invalidOtp' && this.#options.errorKeys?.invalidOtp) || errorKey;
    this.#wrongCodes += 1;
    // The most likely cause first: the code of an entry with an earlier key, then a clock that is wrong.
    const mayUseOldEntry = this.#wrongCodes === 2 && transaction?.reopened && !transaction.enrolled;
    const suffix = this.#wrongCodes === 1 ? '' : mayUseOldEntry ? 'OldEntry' : 'Again';
    const values = { length: String(this.#options.length) };
    const text = texts.find(`errorMessages.${key}${suffix}`, values) ?? texts.get(`errorMessages.${key}`, values);
    const triesLeft = triesLeftKeys.get(remaining ?? Infinity);
    this.#refused = { code, text: triesLeft ? `${text}\n${texts.get(`errorMessages.${triesLeft}`)}` : text };
    this.#showError(this.#refused.text);
  }

  /** @param {number | null} seconds until the next try; null if unknown */
  #lock(seconds) {
    this.#session.codeLock = { until: Date.now() + (seconds ?? defaultLock) * 1000, isKnown: seconds !== null };
    this.#showLock();
    this.#input.focus();
  }

  /** The server counts the codes of a person, not those of one factor: the form of another factor is locked as well. */
  #showLock() {
    const { texts, frame, codeLock } = this.#session;
    const secondsLeft = () => (codeLock.until - Date.now()) / 1000;
    // The sign-in is over before the wait is. A ticket outlasts its transaction.
    const mustSignInAgain = !this.#session.byTicket && (this.#session.timeLeft ?? Infinity) < secondsLeft() * 1000;
    const text = () =>
      mustSignInAgain ? texts.signInAgain(secondsLeft())
      : codeLock.isKnown ? texts.tooManyAttempts(secondsLeft())
      : texts.get('errorMessages.tooManyAttempts');
    this.#setLocked(true);
    this.#error.textContent = text();
    frame.announce(text());
    const timer = setInterval(() => {
      if (this.#isLocked) {
        this.#error.textContent = text();
      } else {
        clearInterval(timer);
        this.#setLocked(false);
        this.#setError('');
        frame.announce(texts.get('successMessages.tryAgainNow'));
      }
    }, 1000);
    this.#signal.addEventListener('abort', () => clearInterval(timer), { once: true });
  }

  /** @param {boolean} locked */
  #setLocked(locked) {
    this.node.classList.toggle('sp-locked', locked);
    this.#input.readOnly = locked;
    this.#button.disabled = locked;
    this.#support.hidden = !locked;
    this.#hint.textContent = locked ? '' : this.#hintText;
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
