/**
 * @typedef {object} Entry
 * @property {string} screen
 * @property {any} [details]
 * @property {number} depth how many screens of the widget are before it
 */

/** Gives each screen an entry in the browser's history, so that Back leads to the previous screen. */
export class ScreenHistory {
  #depth = -1;
  #goingBack = false;

  /**
   * @param {(entry: Entry) => void} onReturn called when the person goes back or forward to an entry
   * @param {() => boolean} isInUse false when the page has replaced the widget
   */
  constructor(onReturn, isInUse) {
    const listener = (/** @type {PopStateEvent} */ event) => {
      if (!isInUse()) {
        window.removeEventListener('popstate', listener);
        return;
      }
      this.#goingBack = false;
      const entry = entryOf(event.state);
      if (entry) {
        this.#depth = entry.depth;
        onReturn(entry);
      }
    };
    window.addEventListener('popstate', listener);
  }

  /** The entry that the browser kept over a reload. */
  static get current() {
    return entryOf(history.state);
  }

  /** Makes the next screen take the place of the current entry. */
  restart() {
    this.#depth = -1;
  }

  /**
   * @param {string} screen
   * @param {unknown} [details] is stored by the browser, so it must hold no secrets and no functions
   */
  add(screen, details) {
    const isFirst = this.#depth < 0;
    const depth = isFirst ? (ScreenHistory.current?.depth ?? 0) : this.#depth + 1;
    const state = { ...history.state, mfaWidget: { screen, details, depth } };
    try {
      if (isFirst) {
        history.replaceState(state, '');
      } else {
        history.pushState(state, '');
      }
      this.#depth = depth;
    } catch {
      // Some sandboxes forbid this. Then there is no previous screen to go back to.
    }
  }

  /** Goes to the previous screen. Returns false if there is none. */
  back() {
    if (this.#depth <= 0) {
      return false;
    }
    // A second click before the first has taken effect must not leave the page.
    if (!this.#goingBack) {
      this.#goingBack = true;
      history.back();
    }
    return true;
  }
}

/**
 * @param {any} state
 * @returns {Entry | null}
 */
function entryOf(state) {
  return state?.mfaWidget ?? null;
}
