const delay = 300;

/**
 * Runs a request for a button. If the answer takes longer than a moment, the button says so. It keeps the focus.
 *
 * @template T
 * @param {HTMLButtonElement} button
 * @param {string} busyLabel
 * @param {() => Promise<T>} request
 * @returns {Promise<T>}
 */
export async function whileBusy(button, busyLabel, request) {
  const label = button.textContent;
  const timer = setTimeout(() => {
    button.textContent = busyLabel;
    button.setAttribute('aria-disabled', 'true');
  }, delay);
  try {
    return await request();
  } finally {
    clearTimeout(timer);
    button.textContent = label;
    button.removeAttribute('aria-disabled');
  }
}
