/** Error codes that the published clients, and so their dictionaries, know by another name. */
const renamed = new Map([
  ['deviceAccountConflict', 'enrollmentConflict'],
  ['deviceAccountNotFound', 'enrollmentNotFound'],
  ['transactionExpired', 'globalTransactionExpired'],
]);

/**
 * Returns the dictionary key of an error code: `invalid_otp` is `invalidOtp`.
 *
 * @param {unknown} code
 */
export function keyOf(code) {
  const key = String(code ?? '').replace(/_+([a-z0-9])/gi, (_, letter) => letter.toUpperCase());
  return renamed.get(key) ?? key;
}

/** An error response, or no response at all (status 0). */
export class ApiError extends Error {
  /**
   * @param {number} status
   * @param {string} key
   * @param {{ retryAfter?: number | null, remaining?: number | null }} [headers] seconds until the next try; how many are left
   */
  constructor(status, key, { retryAfter = null, remaining = null } = {}) {
    super(`${status} ${key}`);
    this.status = status;
    this.key = key;
    this.retryAfter = retryAfter;
    this.remaining = remaining;
  }

  /** Whether the same request may succeed later. */
  get isTemporary() {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }

  static noConnection() {
    return new ApiError(0, 'connectionError');
  }
}

/**
 * Returns the key of the text for a fault that is not the person's, after which the same request may succeed; null for any other error.
 *
 * @param {ApiError} error
 */
export function retryKeyOf(error) {
  return error.key === 'connectionError' ? 'connectionErrorRetry' : error.status >= 500 ? 'defaultRequest' : null;
}

/**
 * Returns the key of the text for a message that is refused because too many were sent: by the person, or by the whole tenant, which is not
 * the person's doing.
 *
 * @param {ApiError} error
 * @param {string} byPerson the key where the person asked too often
 */
export function tooManyKeyOf(error, byPerson) {
  return error.key === 'tooManySmsPerTenant' ? error.key : byPerson;
}

/** @param {unknown} error */
export function asApiError(error) {
  return error instanceof ApiError ? error : new ApiError(0, 'default');
}
