import { listCountries, searchCountries } from './countries.js';
import { el, uniqueId } from './dom.js';

const pageSize = 8;

/**
 * A field to search and choose a country: a combobox with a list (WAI-ARIA 1.2). It always has a country; what was typed and not chosen is
 * forgotten when the field is left.
 */
export class CountryField {
  region;
  #countries;
  /** @type {import('./countries.js').Country[]} */
  #shown = [];
  #active = -1;
  #texts;
  #frame;
  #list = el('ul', { class: 'sp-options', role: 'listbox', id: uniqueId('countries'), hidden: true });
  #input;

  /**
   * @param {import('./session.js').Session} session
   * @param {string} region
   * @param {AbortSignal} signal
   */
  constructor({ texts, frame }, region, signal) {
    this.#texts = texts;
    this.#frame = frame;
    this.region = region;
    this.#countries = listCountries(texts.language);
    const label = texts.get('smsEnrollmentAddPhoneNumber.countryLabel');
    this.#list.setAttribute('aria-label', label);
    this.#input = el('input', {
      id: uniqueId('country'),
      class: 'sp-input sp-country',
      type: 'text',
      role: 'combobox',
      autocomplete: 'off',
      autocorrect: 'off',
      spellcheck: 'false',
      'aria-autocomplete': 'list',
      'aria-expanded': 'false',
      'aria-controls': this.#list.id,
      onclick: () => this.#open(''),
      oninput: () => this.#open(this.#input.value),
      onfocus: () => this.#input.select(),
      onblur: () => this.#leave(),
      onkeydown: (/** @type {Event} */ event) => this.#pressed(/** @type {KeyboardEvent} */ (event)),
    });
    // Chosen before the field loses the focus, which closes the list.
    this.#list.addEventListener('pointerdown', (event) => event.preventDefault(), { signal });
    this.#list.addEventListener('click', (event) => this.#clicked(event), { signal });
    this.node = el(
      'div',
      { class: 'sp-combo' },
      el('label', { class: 'sp-label', for: this.#input.id }, label),
      el('div', { class: 'sp-anchor' }, this.#input, this.#list),
    );
    this.select(region);
  }

  /** @param {string} region */
  select(region) {
    this.region = region;
    this.#close();
  }

  /** The country as the field shows it. */
  get text() {
    const country = this.#countries.find(({ region }) => region === this.region);
    return country ? nameOf(country) : '';
  }

  #close() {
    this.#list.hidden = true;
    this.#active = -1;
    this.#input.value = this.text;
    this.#input.setAttribute('aria-expanded', 'false');
    this.#input.removeAttribute('aria-activedescendant');
  }

  /** A text that matches only one country chooses it. */
  #leave() {
    const typed = this.#input.value;
    const [only, ...others] = typed === this.text || typed.trim() === '' ? [] : searchCountries(this.#countries, typed);
    this.select(only && others.length === 0 ? only.region : this.region);
  }

  /** @param {string} typed */
  #open(typed) {
    this.#shown = searchCountries(this.#countries, typed);
    this.#list.replaceChildren(...this.#shown.map((country) => this.#option(country)));
    if (this.#shown.length === 0) {
      const text = this.#texts.get('smsEnrollmentAddPhoneNumber.noCountry');
      this.#list.append(el('li', { class: 'sp-option', role: 'option', 'aria-disabled': 'true' }, text));
      this.#frame.announce(text);
    }
    this.#list.hidden = false;
    this.#input.setAttribute('aria-expanded', 'true');
    const selected = this.#shown.findIndex(({ region }) => region === this.region);
    this.#activate(typed === '' ? selected : this.#shown.length > 0 ? 0 : -1);
  }

  /** @param {import('./countries.js').Country} country */
  #option(country) {
    return el(
      'li',
      { class: 'sp-option', role: 'option', id: uniqueId('option'), 'aria-selected': String(country.region === this.region), 'data-region': country.region },
      nameOf(country),
    );
  }

  /** @param {number} index */
  #activate(index) {
    this.#list.querySelector('.sp-active')?.classList.remove('sp-active');
    this.#active = index;
    const option = /** @type {HTMLElement | undefined} */ (index < 0 ? undefined : this.#list.children[index]);
    option?.classList.add('sp-active');
    // Within the list only: `scrollIntoView` would also move the page.
    if (option) {
      const { offsetTop, offsetHeight } = option;
      const { scrollTop, clientHeight } = this.#list;
      if (offsetTop < scrollTop || offsetTop + offsetHeight > scrollTop + clientHeight) {
        this.#list.scrollTop = offsetTop - (clientHeight - offsetHeight) / 2;
      }
      this.#input.setAttribute('aria-activedescendant', option.id);
    } else {
      this.#input.removeAttribute('aria-activedescendant');
    }
  }

  /** @param {KeyboardEvent} event */
  #pressed(event) {
    const isOpen = !this.#list.hidden;
    const move = { ArrowDown: 1, ArrowUp: -1, PageDown: pageSize, PageUp: -pageSize }[event.key];
    if (move !== undefined) {
      event.preventDefault();
      if (!isOpen) {
        this.#open('');
      } else if (this.#shown.length > 0) {
        this.#activate(Math.min(Math.max(this.#active + move, 0), this.#shown.length - 1));
      }
    } else if (event.key === 'Enter' && isOpen) {
      event.preventDefault();
      this.select(this.#shown[this.#active]?.region ?? this.region);
      this.#input.select();
    } else if (event.key === 'Escape' && isOpen) {
      event.preventDefault();
      this.#close();
      this.#input.select();
    }
  }

  /** @param {Event} event */
  #clicked(event) {
    const option = /** @type {HTMLElement} */ (event.target).closest('[data-region]');
    if (option) {
      this.select(/** @type {HTMLElement} */ (option).dataset.region ?? this.region);
    }
  }
}

/** @param {import('./countries.js').Country} country */
function nameOf({ name, code }) {
  // The plus sign would change its side in a text that runs from right to left.
  return `${name} \u2066+${code}\u2069`;
}
