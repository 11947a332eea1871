import { entryScreens } from './registry.js';

/**
 * A screen from which there is no way on, at most a fresh start: which texts of the dictionary it shows, and what its
 * button does.
 *
 * @typedef {object} TerminalError
 * @property {string} key
 * @property {string} [help] the key of the text that says what to do, if it is not `key`
 * @property {'start' | null} action
 * @property {string} [message] the server's words, for a code that the dictionary does not know
 * @property {number | null} [retryAfter] seconds
 */

/**
 * Returns the first screen, or the error key if there is none.
 *
 * @param {import('./transaction.js').Transaction} transaction
 * @param {boolean} byTicket
 * @returns {{ screen: string } | { error: string }}
 */
export function firstScreen(transaction, byTicket) {
  if (transaction.enrolled && byTicket) {
    return { error: 'alreadyEnrolled' };
  }
  if (transaction.enrolled) {
    const [screen] = entryScreens(transaction.authenticatorTypes, 'authenticate');
    return screen ? { screen } : { error: 'methodSwitchedOff' };
  }
  const [screen] = entryScreens(transaction.enrollmentMethods, 'enroll');
  return screen ? { screen } : { error: transaction.needsInvitation ? 'invitationNeeded' : 'noMethodAvailable' };
}

const expired = new Set(['transactionNotFound', 'loginTransactionNotFound', 'enrollmentTransactionNotFound', 'credentialsExpired']);

/**
 * @param {import('./errors.js').ApiError} error
 * @param {{ byTicket: boolean, started: boolean }} circumstances `started`: a transaction is under way
 * @returns {TerminalError}
 */
export function terminalErrorOf(error, { byTicket, started }) {
  if (error.status === 429) {
    return { key: 'tooManyAttempts', action: 'start', retryAfter: error.retryAfter };
  }
  if (error.key === 'connectionError' || error.status >= 500 || error.key === 'default') {
    return { key: error.key === 'connectionError' ? error.key : 'default', action: 'start' };
  }
  const tooLate = error.status === 401 || expired.has(error.key) || error.key === 'globalTransactionExpired';
  if (tooLate && byTicket) {
    return started
      ? { key: 'globalTransactionExpired', help: 'globalTransactionExpiredTicket', action: 'start' }
      : { key: 'invalidToken', action: null };
  }
  return tooLate ? { key: 'globalTransactionExpired', action: null } : { key: error.key, action: 'start' };
}

/** @param {import('./errors.js').ApiError} error */
export function isEnrolledElsewhere(error) {
  return error.key === 'enrollmentConflict' || error.key === 'alreadyEnrolled';
}
