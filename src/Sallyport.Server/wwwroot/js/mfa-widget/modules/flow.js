import { supports } from './factors.js';

/**
 * @typedef {object} Circumstances
 * @property {boolean} ticket
 * @property {boolean} started whether a transaction is under way
 */

/**
 * A dead end: which texts of the dictionary it shows and what its button does.
 *
 * @typedef {object} DeadEnd
 * @property {string} key
 * @property {string} [help] the key of what to do next, where it is not `key`
 * @property {'begin' | null} action
 * @property {string} [message] words of the server, for a code that the dictionary does not know
 * @property {number | null} [retryAfter] seconds
 */

/**
 * The first screen, or the reason why there is none.
 *
 * @param {import('./transaction.js').Transaction} transaction
 * @param {boolean} ticket
 * @returns {{ screen: string } | { deadEnd: string }}
 */
export function firstStep(transaction, ticket) {
  if (transaction.enrolled && ticket) {
    return { deadEnd: 'alreadyEnrolled' };
  }
  const [offered, purpose] = transaction.enrolled
    ? /** @type {const} */ ([transaction.authenticatorTypes, 'authenticate'])
    : /** @type {const} */ ([transaction.enrollmentMethods, 'enroll']);
  const [screen] = supports(offered, purpose);
  return screen ? { screen: screen.screen } : { deadEnd: 'noMethodAvailable' };
}

const enrolmentSteps = ['totpEnrollment', 'totpEnrollmentCode', 'reportRecoveryCode'];

/** A detour is no step of its own: the header stays as it is. */
const detours = new Map([['downloadApp', 'totpEnrollment']]);

/**
 * @param {string} screen
 * @param {import('./transaction.js').Transaction | null} transaction
 * @returns {{ step: number, steps: number } | null}
 */
export function stepOf(screen, transaction) {
  const step = enrolmentSteps.indexOf(detours.get(screen) ?? screen) + 1;
  if (!transaction || transaction.enrolled || step === 0) {
    return null;
  }
  return { step, steps: transaction.recoveryCode ? enrolmentSteps.length : enrolmentSteps.length - 1 };
}

const expired = new Set(['transactionNotFound', 'loginTransactionNotFound', 'enrollmentTransactionNotFound', 'credentialsExpired']);

/**
 * @param {import('./errors.js').ApiError} error
 * @param {Circumstances} circumstances
 * @returns {DeadEnd}
 */
export function deadEndOf(error, { ticket, started }) {
  if (error.status === 429) {
    return { key: 'tooManyAttempts', action: 'begin', retryAfter: error.retryAfter };
  }
  if (error.key === 'connectionError' || error.status >= 500 || error.key === 'default') {
    return { key: error.key === 'connectionError' ? error.key : 'default', action: 'begin' };
  }
  const tooLate = error.status === 401 || expired.has(error.key) || error.key === 'globalTransactionExpired';
  if (tooLate && ticket) {
    return started
      ? { key: 'globalTransactionExpired', help: 'globalTransactionExpiredTicket', action: 'begin' }
      : { key: 'invalidToken', action: null };
  }
  return tooLate ? { key: 'globalTransactionExpired', action: null } : { key: error.key, action: 'begin' };
}

/** @param {import('./errors.js').ApiError} error */
export function meansEnrolledElsewhere(error) {
  return error.key === 'enrollmentConflict' || error.key === 'alreadyEnrolled';
}
