/**
 * The options of the constructor. All are optional. Absent, empty and `null` mean the same.
 *
 * @typedef {object} Options
 * @property {string} mfaServerUrl
 * @property {string} ticket
 * @property {string} requestToken
 * @property {string} postActionURL
 * @property {string} globalTrackingId
 * @property {string} stateCheckingMechanism
 * @property {boolean} allowRememberBrowser
 * @property {boolean} rememberBrowserDefault whether the box is ticked at first
 * @property {{ message?: string, errorCode?: string, code?: string }[]} requesterErrors
 * @property {string} icon
 * @property {string} primaryColor
 * @property {string} tenant the name for people
 * @property {string} tenantId
 * @property {string} account
 * @property {unknown} languageDictionary
 * @property {string} supportEmail
 * @property {string} supportUrl
 * @property {string} reference
 * @property {string} pageUrl
 * @property {string} defaultRegion the country with which the list for phone numbers begins, such as `GB`
 */

/** @param {unknown} value */
function text(value) {
  return typeof value === 'string' ? value.trim() : '';
}

/**
 * @param {any} given
 * @returns {Options}
 */
export function readOptions(given) {
  const user = given.userData ?? {};
  const server = text(given.mfaServerUrl);
  const errors = Array.isArray(given.requesterErrors) ? given.requesterErrors : [];
  return {
    mfaServerUrl: server,
    ticket: text(given.ticket),
    requestToken: text(given.requestToken),
    postActionURL: text(given.postActionURL),
    globalTrackingId: text(given.globalTrackingId),
    stateCheckingMechanism: text(given.stateCheckingMechanism),
    allowRememberBrowser: flag(given.allowRememberBrowser),
    rememberBrowserDefault: flag(given.rememberBrowserDefault),
    requesterErrors: errors.filter((/** @type {unknown} */ error) => typeof error === 'object' && error !== null),
    icon: webAddress(given.theme?.icon, /^(?:https?:|data:image\/)/),
    primaryColor: text(given.theme?.primaryColor),
    tenant: text(user.tenantFriendlyName) || text(user.tenant) || hostOf(server),
    tenantId: text(user.tenant),
    account: text(user.friendlyUserId) || text(user.email),
    languageDictionary: given.languageDictionary,
    supportEmail: text(given.supportEmail),
    supportUrl: webAddress(given.supportUrl),
    reference: text(given.reference) || text(given.globalTrackingId),
    pageUrl: webAddress(given.pageUrl),
    // [name, ISO code, dial code]
    defaultRegion: text(Array.isArray(given.defaultLocation) ? given.defaultLocation[1] : ''),
  };
}

/**
 * Customers' templates print it as text.
 *
 * @param {unknown} value
 */
function flag(value) {
  return value === true || value === 'true';
}

/** @param {string} server */
function hostOf(server) {
  return URL.canParse?.(server, document.baseURI) ? new URL(server, document.baseURI).hostname : location.hostname;
}

/**
 * Addresses become links and images, so schemes that run code (`javascript:`) are rejected.
 *
 * @param {unknown} value
 * @param {RegExp} [allowed]
 */
function webAddress(value, allowed = /^https?:/) {
  try {
    const address = new URL(text(value), document.baseURI);
    return text(value) && allowed.test(address.href) ? address.href : '';
  } catch {
    return '';
  }
}
