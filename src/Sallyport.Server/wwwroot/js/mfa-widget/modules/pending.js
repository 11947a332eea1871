const quiet = 300;

/**
 * Runs a request that a button started: the button says so once it takes longer than a moment, and keeps the focus.
 *
 * @template T
 * @param {HTMLButtonElement} button
 * @param {string} label what the button says meanwhile
 * @param {() => Promise<T>} request
 * @returns {Promise<T>}
 */
export async function whileBusy(button, label, request) {
  const before = button.textContent;
  const timer = setTimeout(() => {
    button.textContent = label;
    button.setAttribute('aria-disabled', 'true');
  }, quiet);
  try {
    return await request();
  } finally {
    clearTimeout(timer);
    button.textContent = before;
    button.removeAttribute('aria-disabled');
  }
}
