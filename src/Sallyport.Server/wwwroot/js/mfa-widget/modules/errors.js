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
   * @param {{ retryAfter?: number | null }} [headers] `retryAfter` in seconds
   */
  constructor(status, key, { retryAfter = null } = {}) {
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
