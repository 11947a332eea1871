/** The published clients know these codes by another name, and dictionaries use that one. */
const renamed = new Map([
  ['deviceAccountConflict', 'enrollmentConflict'],
  ['deviceAccountNotFound', 'enrollmentNotFound'],
  ['transactionExpired', 'globalTransactionExpired'],
]);

/**
 * The dictionary key of an error code: `invalid_otp` is `invalidOtp`.
 *
 * @param {unknown} code
 */
export function keyOf(code) {
  const key = String(code ?? '').replace(/_+([a-z0-9])/gi, (_, letter) => letter.toUpperCase());
  return renamed.get(key) ?? key;
}

/** An answer that is not a success, or none at all (status 0). */
export class ApiError extends Error {
  /**
   * @param {number} status
   * @param {string} key
   * @param {number | null} [retryAfter] seconds
   */
  constructor(status, key, retryAfter = null) {
    super(`${status} ${key}`);
    this.status = status;
    this.key = key;
    this.retryAfter = retryAfter;
  }

  static noConnection() {
    return new ApiError(0, 'connectionError');
  }
}

/** @param {unknown} error */
export function asApiError(error) {
  return error instanceof ApiError ? error : new ApiError(0, 'default');
}
