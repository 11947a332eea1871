import { alternativeLinks } from './alternative-links.js';
import { whileBusy } from './busy.js';
import { button, el } from './dom.js';
import { asApiError } from './errors.js';

/** What the server adds to the address of the page when the browser comes back from Duo without a confirmation. */
const returned = /^#duo=(refused|unavailable)$/;

/**
 * A screen that sends the browser to Duo. When it comes back, the transaction is accepted, or the screen is shown again.
 *
 * @param {import('./session.js').Session} session
 * @param {AbortSignal} signal
 * @param {object} options
 * @param {string} options.group of the dictionary, which is also the name of the screen
 * @param {import('./dom.js').Child[]} [options.extras] shown above the button
 * @returns {import('./frame.js').View}
 */
export function duoView(session, signal, { group, extras = [] }) {
  const t = (/** @type {string} */ key) => session.texts.get(`${group}.${key}`);
  const error = el('p', { class: 'sp-error' }, takeReason(t));
  // When the browser comes back, the transaction may be accepted, and then it was Duo that confirmed it.
  const continueButton = button('main', t('continueButtonText'), async () => {
    error.textContent = '';
    try {
      const { authorize_url: address } = await whileBusy(continueButton, session.texts.get('defaults.pleaseWait'), () =>
        session.api.startDuo(returnPath(session.options)),
      );
      session.saveProgress({ confirmedFactor: 'duo' });
      session.leaveFor(address);
    } catch (problem) {
      if (!signal.aborted) {
        failed(problem);
      }
    }
  });
  session.saveProgress({ confirmedFactor: null });
  session.checkState(signal);
  return { heading: t('headerText'), intro: t('intro'), body: [error, ...extras, continueButton], links: alternativeLinks(session, group) };

  /** @param {unknown} problem */
  function failed(problem) {
    const { status, key } = asApiError(problem);
    if (status === 401) {
      session.handleError(problem);
      return;
    }
    error.textContent =
      status === 429 ? session.texts.get('errorMessages.tooManyAttempts') : key === 'connectionError' ? session.texts.get('errorMessages.connectionErrorRetry') : t('unavailable');
    session.frame.announce(error.textContent);
  }
}

/**
 * Why Duo has sent the browser back, once.
 *
 * @param {(key: string) => string} t
 */
function takeReason(t) {
  const [, reason = ''] = returned.exec(location.hash) ?? [];
  if (reason) {
    history.replaceState(history.state, '', location.pathname + location.search);
  }
  return reason && t(reason);
}

/**
 * The address of this page. A page that was opened by a form has its request token nowhere else.
 *
 * @param {{ requestToken: string }} options
 */
function returnPath({ requestToken }) {
  const query = new URLSearchParams(location.search);
  if (requestToken && !query.has('request_token')) {
    query.set('request_token', requestToken);
  }
  const text = query.toString();
  return location.pathname + (text && `?${text}`);
}
