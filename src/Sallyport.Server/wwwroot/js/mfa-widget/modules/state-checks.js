const period = 5000;
const shortestPause = 2000;

/**
 * Checks whenever the person returns to this window, because they may have continued elsewhere.
 *
 * @param {() => Promise<void>} check
 * @param {AbortSignal} signal
 */
export function checkOnReturn(check, signal) {
  let last = 0;
  const checkNow = () => {
    if (document.visibilityState === 'visible' && Date.now() - last > shortestPause) {
      last = Date.now();
      void check();
    }
  };
  window.addEventListener('focus', checkNow, { signal });
  document.addEventListener('visibilitychange', checkNow, { signal });
}

/**
 * Checks at regular intervals, while something is expected to happen on another device.
 *
 * @param {() => Promise<void>} check
 * @param {AbortSignal} signal
 */
export function checkPeriodically(check, signal) {
  const timer = setInterval(() => void check(), period);
  signal.addEventListener('abort', () => clearInterval(timer), { once: true });
}
