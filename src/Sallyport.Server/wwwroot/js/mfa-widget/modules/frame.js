import { el, present, uniqueId } from './dom.js';

/**
 * The content of a screen. The frame gives all screens the same layout.
 *
 * @typedef {object} View
 * @property {string} heading
 * @property {string} [intro]
 * @property {Element} [icon]
 * @property {import('./dom.js').Child[]} [body]
 * @property {import('./dom.js').Child[]} [links]
 */

/**
 * @typedef {object} Identity
 * @property {string} tenant
 * @property {string} account
 * @property {string} icon
 */

const waitingTextDelay = 300;
const slowTextDelay = 8000;

/** The card: tenant, account, step and one screen. */
export class Frame {
  #texts;
  #step = el('p', { class: 'sp-step' });
  #stage;
  #live = el('div', { class: 'sp-live', 'aria-live': 'polite', 'aria-atomic': 'true' });
  #headingTag = /** @type {'h1' | 'h2'} */ (document.querySelector('h1:not(.sp-heading)') ? 'h2' : 'h1');
  #isFirst = true;

  /**
   * @param {Element} container
   * @param {Identity} identity
   * @param {import('./dictionary.js').Texts} texts
   * @param {string} direction
   */
  constructor(container, identity, texts, direction) {
    this.#texts = texts;
    const card = takeSkeleton(container) ?? newCard();
    this.root = card.root;
    this.root.lang = texts.language;
    this.root.dir = direction;
    this.#stage = card.stage;
    card.header.replaceWith(header(identity, this.#step));
    card.stage.after(this.#live);
    if (!this.root.isConnected) {
      container.replaceChildren(this.root);
    }
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
      view.icon,
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
    // The heading and not a code field: screen readers begin there, a phone does not open its keyboard unasked, and what is typed goes to the
    // field anyway (redirect-typing.js). A page with the widget further down must not scroll to it before the person has done anything.
    heading.focus({ preventScroll: this.#isFirst });
    this.#isFirst = false;
  }

  /**
   * Says that the page waits for the server, but only if the answer takes longer than a moment.
   *
   * @returns {() => void} ends the waiting
   */
  showWaiting() {
    // The first words from the server stay until there is a screen.
    const words = this.#stage.querySelector('.sp-first');
    const waiting = el(words ? 'p' : this.#headingTag, { class: 'sp-wait' });
    words ? words.after(waiting) : this.#stage.replaceChildren(waiting);
    this.#step.textContent = '';
    const say = (/** @type {string} */ path) => {
      waiting.textContent = this.#texts.get(path);
      this.announce(waiting.textContent);
    };
    const timers = [
      setTimeout(() => say('defaults.pleaseWait'), waitingTextDelay),
      setTimeout(() => say('defaults.slow'), slowTextDelay),
    ];
    return () => timers.forEach(clearTimeout);
  }

  /**
   * Lets screen readers read a text.
   *
   * @param {string} text
   */
  announce(text) {
    // A text that is equal to the one before is read again only if the region was empty in between.
    this.#live.textContent = '';
    setTimeout(() => {
      this.#live.textContent = text;
    }, 50);
  }
}

/**
 * Takes over the card that the server has rendered into the container.
 *
 * @param {Element} container
 */
function takeSkeleton(container) {
  const root = /** @type {HTMLElement | null} */ (container.querySelector('.sp-skeleton'));
  const header = root?.querySelector('.sp-header');
  const stage = root?.querySelector('.sp-stage');
  if (!root || !header || !stage) {
    return null;
  }
  root.classList.remove('sp-skeleton');
  return { root, header, stage };
}

function newCard() {
  const header = el('div');
  const stage = el('div', { class: 'sp-stage' });
  return { root: el('div', { class: 'sp-root' }, el('div', { class: 'sp-card' }, header, stage)), header, stage };
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
 * Lets a long address break before its "@" rather than inside a name.
 *
 * @param {string} account
 */
function breakable(account) {
  return account.split(/(?=@)/).flatMap((part, i) => (i > 0 ? [el('wbr'), part] : [part]));
}
