const period = 5000;
const atLeast = 2000;

/**
 * Asks how things stand whenever the person comes back to this window, because they may have gone on elsewhere.
 *
 * @param {() => Promise<void>} check
 * @param {AbortSignal} signal
 */
export function onReturn(check, signal) {
  let last = 0;
  const ask = () => {
    if (document.visibilityState === 'visible' && Date.now() - last > atLeast) {
      last = Date.now();
      void check();
    }
  };
  window.addEventListener('focus', ask, { signal });
  document.addEventListener('visibilitychange', ask, { signal });
}

/**
 * Asks again and again, while something is expected to happen elsewhere.
 *
 * @param {() => Promise<void>} check
 * @param {AbortSignal} signal
 */
export function keepAsking(check, signal) {
  const timer = setInterval(() => void check(), period);
  signal.addEventListener('abort', () => clearInterval(timer), { once: true });
}
