/**
 * The URI that an authenticator app reads from a QR code. It has only a secret and an issuer, because apps differ in the
 * other parameters that they understand.
 *
 * @param {{ issuer: string, account: string, secret: string }} key
 */
export function otpauthUri({ issuer, account, secret }) {
  const label = [issuer, account].filter(Boolean).map(encodeURIComponent).join(':');
  const parameters = [`secret=${encodeURIComponent(secret)}`];
  if (issuer) {
    parameters.push(`issuer=${encodeURIComponent(issuer)}`);
  }
  return `otpauth://totp/${label}?${parameters.join('&')}`;
}
