/**
 * The address that an authenticator app reads from a QR code. It has no more than a secret and an issuer,
 * because apps differ in what else they understand.
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
