/**
 * Why a ceremony has failed: `cancelled` by the person or by its time-out, `registered` before, `unsupported` by the browser, or not possible
 * on a page of this address (`wrongPage`).
 *
 * @typedef {'cancelled' | 'registered' | 'unsupported' | 'wrongPage'} FailureReason
 */

/** @type {Map<string, FailureReason>} */
const reasons = new Map([
  ['InvalidStateError', 'registered'],
  ['SecurityError', 'wrongPage'],
  ['NotSupportedError', 'unsupported'],
  ['ConstraintError', 'unsupported'],
]);

export class CeremonyError extends Error {
  /** @param {FailureReason} reason */
  constructor(reason) {
    super(reason);
    this.reason = reason;
  }
}

export const roaming = 'webauthn-roaming';
export const platform = 'webauthn-platform';

/** Whether the browser knows WebAuthn, which it hides from pages without HTTPS. */
export function isSupported() {
  return typeof PublicKeyCredential === 'function' && Boolean(navigator.credentials);
}

/** Whether this device can be unlocked with a fingerprint, a face or a PIN. */
async function hasPlatformAuthenticator() {
  try {
    return isSupported() && (await PublicKeyCredential.isUserVerifyingPlatformAuthenticatorAvailable());
  } catch {
    return false;
  }
}

/**
 * Removes the device of the browser from the methods that are offered, if it cannot be used.
 *
 * @param {import('./transaction.js').Transaction} transaction
 */
export async function removeUnusableMethods(transaction) {
  const { authenticatorTypes, enrollmentMethods } = transaction;
  if ([...authenticatorTypes, ...enrollmentMethods].includes(platform) && !(await hasPlatformAuthenticator())) {
    transaction.authenticatorTypes = authenticatorTypes.filter((method) => method !== platform);
    transaction.enrollmentMethods = enrollmentMethods.filter((method) => method !== platform);
  }
}

/**
 * Lets the browser perform a ceremony.
 *
 * @param {Record<string, any>} challenge the server's answer to `webauthn/challenge`
 * @param {AbortSignal} signal
 * @returns {Promise<object>} the answer of the browser as JSON
 * @throws {CeremonyError}
 */
export async function performCeremony({ ceremony, public_key: options }, signal) {
  const publicKey = /** @type {any} */ (decode(options));
  try {
    const credential = await (ceremony === 'create'
      ? navigator.credentials.create({ publicKey, signal })
      : navigator.credentials.get({ publicKey, signal }));
    return encode(/** @type {any} */ (credential));
  } catch (problem) {
    throw new CeremonyError((problem instanceof Error && reasons.get(problem.name)) || 'cancelled');
  }
}

/**
 * Like `PublicKeyCredential.parseCreationOptionsFromJSON`, which older browsers lack.
 *
 * @param {Record<string, any>} options
 */
function decode({ challenge, user, allowCredentials, excludeCredentials, ...others }) {
  const descriptors = (/** @type {any[] | undefined} */ list) => list?.map((item) => ({ ...item, id: toBytes(item.id) }));
  return {
    ...others,
    challenge: toBytes(challenge),
    ...(user && { user: { ...user, id: toBytes(user.id) } }),
    ...(allowCredentials && { allowCredentials: descriptors(allowCredentials) }),
    ...(excludeCredentials && { excludeCredentials: descriptors(excludeCredentials) }),
  };
}

/**
 * Like `PublicKeyCredential.toJSON`, which older browsers and some password managers lack.
 *
 * @param {any} credential
 */
function encode({ id, rawId, type, response }) {
  const { clientDataJSON, attestationObject, authenticatorData, signature, userHandle } = response;
  return {
    id,
    rawId: toText(rawId),
    type,
    response: attestationObject
      ? {
          clientDataJSON: toText(clientDataJSON),
          attestationObject: toText(attestationObject),
          transports: response.getTransports?.() ?? [],
        }
      : {
          clientDataJSON: toText(clientDataJSON),
          authenticatorData: toText(authenticatorData),
          signature: toText(signature),
          userHandle: userHandle ? toText(userHandle) : undefined,
        },
  };
}

/** @param {string} text base64url */
export function toBytes(text) {
  return Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), (letter) => letter.charCodeAt(0));
}

/** @param {ArrayBuffer} bytes */
export function toText(bytes) {
  const letters = Array.from(new Uint8Array(bytes), (byte) => String.fromCharCode(byte)).join('');
  return btoa(letters).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
}
