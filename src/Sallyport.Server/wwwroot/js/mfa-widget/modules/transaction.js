/**
 * The part of the answer to `start-flow` that the widget uses.
 *
 * @typedef {object} Transaction
 * @property {boolean} enrolled
 * @property {string[]} enrollmentMethods
 * @property {string[]} authenticatorTypes the default first
 * @property {string} secret
 * @property {string} enrollmentId what a phone presents to enroll itself
 * @property {string} deviceId the enrollment that a phone confirms
 * @property {string} deviceName
 * @property {string} recoveryCode
 * @property {number | null} lifetime milliseconds
 * @property {number} emailCodeLength
 * @property {string} accountId
 * @property {number} phoneCodeLength
 * @property {string[]} phoneChannels on which codes reach a phone: `sms`, `voice`
 * @property {{ number: string, channel: string } | null} phone the number, in part, and the channel of the last code
 * @property {Record<string, number>} codesSentAt when the last code of each factor was sent, by the clock of the device
 * @property {PushProgress | null} push the push message of this sign-in; null if none was sent
 * @property {boolean} awaitsAuth whether a phone was enrolled and the sign-in still has to be confirmed
 * @property {'email' | 'push' | 'sms' | 'webauthn-roaming' | 'webauthn-platform' | 'duo' | null} confirmedFactor the factor of an enrollment that is finished, or may be when the browser comes back, where what follows depends on it
 * @property {PushApp} pushApp
 * @property {boolean} needsInvitation whether the person may set up a second step only with a link that they were sent
 * @property {boolean} reopened whether the link has been opened before, and so another key has been shown
 *
 * @typedef {object} PushApp the app of the tenant for push messages; empty texts for what the tenant has not set
 * @property {string} name
 * @property {string} appleLink its address in the App Store
 * @property {string} googleLink its address in Google Play
 *
 * @typedef {object} PushProgress
 * @property {number} sentAt by the clock of the device
 * @property {string} bindingMessage what the person compares with the phone; empty if nothing is compared
 */

/**
 * @param {Record<string, any>} answer
 * @returns {Transaction}
 */
export function readTransaction(answer) {
  const account = answer.device_account ?? {};
  const app = answer.push_app ?? {};
  return {
    enrolled: !answer.enrollment_tx_id,
    enrollmentMethods: list(answer.available_enrollment_methods),
    authenticatorTypes: list(account.available_authenticator_types ?? account.available_methods ?? account.methods),
    secret: String(account.otp_secret ?? ''),
    enrollmentId: String(answer.enrollment_tx_id ?? ''),
    deviceId: String(account.id ?? ''),
    deviceName: String(account.name ?? ''),
    recoveryCode: String(account.recovery_code ?? ''),
    lifetime: lifetimeOf(String(answer.transaction_token ?? '')),
    emailCodeLength: codeLength(answer.factor_settings?.email?.otp_length),
    accountId: String(account.id ?? ''),
    phoneCodeLength: codeLength(answer.factor_settings?.phone?.otp_length),
    phoneChannels: list(answer.factor_settings?.phone?.message_types),
    phone: account.phone_number ? { number: String(account.phone_number), channel: 'sms' } : null,
    codesSentAt: {},
    push: null,
    awaitsAuth: false,
    confirmedFactor: null,
    pushApp: { name: String(app.app_name ?? ''), appleLink: webLink(app.apple_app_link), googleLink: webLink(app.google_app_link) },
    needsInvitation: answer.self_service_enrollment === false,
    reopened: answer.reopened === true,
  };
}

/** @param {unknown} value */
function list(value) {
  return Array.isArray(value) ? value.map(String) : [];
}

/**
 * An address that a link may have: none that runs code.
 *
 * @param {unknown} value
 */
function webLink(value) {
  return /^https?:\/\//i.test(String(value)) ? String(value) : '';
}

/** @param {unknown} value */
function codeLength(value) {
  return typeof value === 'number' && Number.isInteger(value) && value >= 6 && value <= 10 ? value : 6;
}

/** Browsers run longer timers at once. */
const longestTimer = 2 ** 31;

/**
 * Returns the lifetime of a token as the difference of its own two times, because the clock of the device may be wrong.
 *
 * @param {string} token
 */
export function lifetimeOf(token) {
  try {
    const payload = token.split('.')[1].replace(/-/g, '+').replace(/_/g, '/');
    const { iat, exp } = JSON.parse(atob(payload));
    const milliseconds = (exp - iat) * 1000;
    return milliseconds > 0 && milliseconds < longestTimer ? milliseconds : null;
  } catch {
    return null;
  }
}
