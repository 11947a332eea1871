import { groupOf, screens, stepOf } from './registry.js';
import { ScreenHistory } from './screen-history.js';

/** Shows screens and gives each an entry in the browser's history. */
export class Navigation {
  #session;
  #history;
  #screenLeft = new AbortController();
  #factor = '';
  #isOver = false;

  /** @param {import('./session.js').Session} session */
  constructor(session) {
    this.#session = session;
    this.#history = new ScreenHistory((entry) => this.#returnTo(entry), () => session.frame.root.isConnected);
  }

  /** Leaves the screen on show. The next one takes the place of its history entry. */
  restart() {
    this.#leave();
    this.#history.restart();
    this.#isOver = false;
  }

  /** From now on the person cannot go back, because nothing in the transaction can be done again. */
  finish() {
    this.#isOver = true;
  }

  /**
   * @param {string} name
   * @param {any} [details] what only this screen needs
   */
  show(name, details) {
    this.#history.add(name, this.#isOver ? undefined : details);
    this.#render(name, details);
  }

  /**
   * Goes to the previous screen.
   *
   * @param {string} fallback the screen to show if the browser cannot go back
   */
  back(fallback) {
    if (!this.#history.back()) {
      this.show(fallback);
    }
  }

  /** Shows the screen that was on show when the page was reloaded. Returns false if it cannot. */
  showCurrent() {
    const entry = ScreenHistory.current;
    if (!entry || !belongsToTransaction(entry.screen)) {
      return false;
    }
    this.show(entry.screen, entry.details);
    return true;
  }

  /** @param {import('./screen-history.js').Entry} entry */
  #returnTo({ screen, details }) {
    if (this.#session.transaction && !this.#isOver && belongsToTransaction(screen)) {
      this.#render(screen, details);
    }
  }

  /**
   * @param {string} name
   * @param {any} details
   */
  #render(name, details) {
    this.#leave();
    this.#factor = screens[name].factor ?? this.#factor;
    const view = screens[name].render(this.#session, this.#screenLeft.signal, details);
    const { enrolled = true, recoveryCode = '' } = this.#session.transaction ?? {};
    this.#session.frame.show(groupOf(name), view, enrolled ? null : stepOf(name, this.#factor, recoveryCode !== ''));
  }

  #leave() {
    this.#screenLeft.abort();
    this.#screenLeft = new AbortController();
  }
}

/**
 * Whether a screen is part of a transaction, and not what follows its end.
 *
 * @param {string} name
 */
function belongsToTransaction(name) {
  return Object.hasOwn(screens, name) && screens[name].factor !== undefined;
}
