import { el, present, uniqueId } from './dom.js';

/**
 * What a screen consists of; the frame gives all of them the same build.
 *
 * @typedef {object} View
 * @property {string} heading
 * @property {string} [intro]
 * @property {Element} [mark]
 * @property {import('./dom.js').Child[]} [body]
 * @property {import('./dom.js').Child[]} [links]
 */

/**
 * @typedef {object} Identity
 * @property {string} tenant
 * @property {string} account
 * @property {string} icon
 */

const patience = { quiet: 300, slow: 8000 };

/** The card: whose page it is, whose account, which step, and one screen. */
export class Frame {
  #texts;
  #step = el('p', { class: 'sp-step' });
  #stage = el('div', { class: 'sp-stage' });
  #live = el('div', { class: 'sp-live', 'aria-live': 'polite', 'aria-atomic': 'true' });
  #headingTag = /** @type {'h1' | 'h2'} */ (document.querySelector('h1') ? 'h2' : 'h1');
  #first = true;

  /**
   * @param {Element} container
   * @param {Identity} identity
   * @param {import('./dictionary.js').Texts} texts
   * @param {string} direction
   */
  constructor(container, identity, texts, direction) {
    this.#texts = texts;
    this.root = el(
      'div',
      { class: 'sp-root', lang: texts.language, dir: direction },
      el('div', { class: 'sp-card' }, header(identity, this.#step), this.#stage, this.#live),
    );
    container.replaceChildren(this.root);
  }

  /**
   * @param {string} name
   * @param {View} view
   * @param {{ step: number, steps: number } | null} step
   */
  show(name, view, step) {
    const heading = el(this.#headingTag, { class: 'sp-heading', id: uniqueId('heading'), tabindex: '-1' }, view.heading);
    const links = present(view.links ?? []);
    const screen = el(
      'section',
      { class: 'sp-screen', 'data-screen': name, 'aria-labelledby': heading.id },
      view.mark,
      heading,
      view.intro && el('p', { class: 'sp-intro' }, view.intro),
      ...present(view.body ?? []),
      links.length > 0 && el('div', { class: 'sp-links' }, ...links),
    );
    this.#step.textContent = step
      ? this.#texts.get('defaults.step', { step: String(step.step), steps: String(step.steps) })
      : '';
    this.#live.textContent = '';
    this.#stage.replaceChildren(screen);
    this.#reveal(heading);
  }

  /** @param {HTMLElement} heading */
  #reveal(heading) {
    if (this.root.getBoundingClientRect().top < 0) {
      this.root.scrollIntoView({ block: 'start' });
    }
    // A page that holds the widget far down must not jump there before its reader has done anything.
    heading.focus({ preventScroll: this.#first });
    this.#first = false;
  }

  /**
   * Says in words that an answer is awaited, but not before a quick answer would be there.
   *
   * @returns {() => void} ends the waiting
   */
  wait() {
    this.#stage.replaceChildren();
    this.#step.textContent = '';
    const say = (/** @type {string} */ path) => {
      const words = this.#texts.get(path);
      this.#stage.replaceChildren(el(this.#headingTag, { class: 'sp-wait' }, words));
      this.announce(words);
    };
    const timers = [
      setTimeout(() => say('defaults.pleaseWait'), patience.quiet),
      setTimeout(() => say('defaults.slow'), patience.slow),
    ];
    return () => timers.forEach(clearTimeout);
  }

  /** @param {string} text */
  announce(text) {
    // The same words twice are read out twice only if something was different in between.
    this.#live.textContent = '';
    setTimeout(() => {
      this.#live.textContent = text;
    }, 50);
  }
}

/**
 * @param {Identity} identity
 * @param {HTMLElement} step
 */
function header({ tenant, account, icon }, step) {
  const logo = icon && el('img', { class: 'sp-logo', src: icon, alt: '', onerror: () => logo && logo.remove() });
  return el(
    'div',
    { class: 'sp-header' },
    logo,
    el(
      'div',
      { class: 'sp-who' },
      tenant && el('p', { class: 'sp-tenant' }, tenant),
      account && el('p', { class: 'sp-account' }, el('bdi', {}, ...breakable(account))),
    ),
    step,
  );
}

/**
 * A long address breaks before its "@" sooner than in the middle of a name.
 *
 * @param {string} account
 */
function breakable(account) {
  return account.split(/(?=@)/).flatMap((part, i) => (i > 0 ? [el('wbr'), part] : [part]));
}
