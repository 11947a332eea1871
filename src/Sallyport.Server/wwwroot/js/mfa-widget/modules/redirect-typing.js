/**
 * A new screen focuses its heading. What is typed or pasted there is meant for the code field, so it goes there.
 *
 * @param {HTMLElement} root
 * @param {HTMLInputElement} input
 * @param {{ key: RegExp, changed: () => void, signal: AbortSignal }} options `key`: the keys that a code consists of
 */
export function redirectTyping(root, input, { key, changed, signal }) {
  const isOutside = (/** @type {Event} */ event) => !(event.target instanceof HTMLInputElement);
  root.addEventListener(
    'keydown',
    (event) => {
      if (isOutside(event) && key.test(event.key) && !event.ctrlKey && !event.metaKey && !event.altKey) {
        input.focus();
      }
    },
    { signal },
  );
  root.addEventListener(
    'paste',
    (event) => {
      if (isOutside(event) && !input.readOnly) {
        event.preventDefault();
        input.focus();
        input.value = event.clipboardData?.getData('text') ?? '';
        changed();
      }
    },
    { signal },
  );
}
