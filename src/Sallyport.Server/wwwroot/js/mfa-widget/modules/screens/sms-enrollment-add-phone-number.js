import { alternativeLinks } from '../alternative-links.js';
import { whileBusy } from '../busy.js';
import { firstRegion, internationalNumber, splitNumber } from '../countries.js';
import { CountryField } from '../country-field.js';
import { button, el, uniqueId } from '../dom.js';
import { asApiError, retryKeyOf, tooManyKeyOf } from '../errors.js';
import { enrollPhone } from '../phone-code.js';

const group = 'smsEnrollmentAddPhoneNumber';

/** @type {import('../registry.js').Screen} */
export const smsEnrollmentAddPhoneNumber = {
  factor: 'sms',
  entry: 'enroll',
  step: 1,
  render(session, signal) {
    session.checkState(signal);
    const form = new NumberForm(session, signal);
    const t = (/** @type {string} */ key) => session.texts.get(`${group}.${key}`);
    return { heading: t('headerText'), intro: t('intro'), body: [form.node], links: alternativeLinks(session, group) };
  },
};

/** Asks for a phone number, and has a code sent to it. */
class NumberForm {
  #session;
  #signal;
  #country;
  #error = el('p', { class: 'sp-error', id: uniqueId('error') });
  #hint;
  #input;
  #button;
  #isBusy = false;

  /**
   * @param {import('../session.js').Session} session
   * @param {AbortSignal} signal
   */
  constructor(session, signal) {
    const { texts, options, phoneEntry } = session;
    const t = (/** @type {string} */ key) => texts.get(`${group}.${key}`);
    this.#session = session;
    this.#signal = signal;
    this.#country = new CountryField(session, phoneEntry?.region ?? firstRegion(options.defaultRegion, navigator.languages), signal);
    this.#hint = el('p', { class: 'sp-hint', id: uniqueId('hint') }, t('hint'));
    this.#input = el('input', {
      id: uniqueId('phone'),
      class: 'sp-input sp-phone',
      type: 'tel',
      dir: 'ltr',
      inputmode: 'tel',
      autocomplete: 'tel',
      'aria-describedby': `${this.#error.id} ${this.#hint.id}`,
      oninput: () => this.#changed(),
    });
    this.#input.value = phoneEntry?.number ?? '';
    const isCall = session.transaction?.phoneChannels[0] === 'voice';
    this.#button = button('main', t(isCall ? 'callButtonText' : 'continueButtonText'));
    this.node = el(
      'form',
      { class: 'sp-form', novalidate: true, onsubmit: (/** @type {Event} */ event) => this.#submitted(event) },
      this.#country.node,
      el('label', { class: 'sp-label', for: this.#input.id }, t('phoneNumberLabel')),
      this.#input,
      this.#error,
      this.#hint,
      this.#button,
    );
  }

  /** A number with a country code selects the country, and its rest stays in the field. */
  #changed() {
    const split = splitNumber(this.#input.value, this.#country.region);
    if (split) {
      this.#country.select(split.region);
      this.#input.value = split.rest;
      this.#session.frame.announce(this.#country.text);
    }
    this.#setError('');
  }

  /** @param {Event} event */
  #submitted(event) {
    event.preventDefault();
    void this.#send();
  }

  async #send() {
    const session = this.#session;
    const number = this.#input.value.trim();
    if (this.#isBusy || this.#signal.aborted) {
      return;
    }
    if (!/\p{Nd}/u.test(number)) {
      this.#showError(session.texts.get(`errorMessages.${number === '' ? 'phoneNumberRequired' : 'invalidPhoneNumber'}`));
      return;
    }
    this.#isBusy = true;
    session.phoneEntry = { region: this.#country.region, number };
    try {
      const busyLabel = session.texts.get('defaults.pleaseWait');
      await whileBusy(this.#button, busyLabel, () => enrollPhone(session, internationalNumber(this.#country.region, number)));
      if (!this.#signal.aborted) {
        session.show('smsEnrollmentConfirm');
      }
    } catch (problem) {
      if (!this.#signal.aborted) {
        this.#failed(problem);
      }
    } finally {
      this.#isBusy = false;
    }
  }

  /** @param {unknown} problem */
  #failed(problem) {
    const error = asApiError(problem);
    const { texts } = this.#session;
    if (error.key === 'invalidPhoneNumber') {
      this.#showError(texts.get('errorMessages.invalidPhoneNumber'));
    } else if (error.status === 409) {
      this.#showError(texts.get('errorMessages.phoneNumberExists'));
    } else if (error.status === 429) {
      this.#showError(texts.get(`errorMessages.${tooManyKeyOf(error, 'tooManySms')}`, { wait: texts.wait(error.retryAfter ?? 60).wait }));
    } else if (retryKeyOf(error)) {
      this.#showError(texts.get(`errorMessages.${retryKeyOf(error)}`));
    } else {
      this.#session.handleError(problem);
    }
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
    this.#hint.hidden = text !== '';
    this.#input.toggleAttribute('aria-invalid', false);
    if (text) {
      this.#input.setAttribute('aria-invalid', 'true');
    }
  }
}
