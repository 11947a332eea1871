/**
 * The factors that have screens. A further one is a row here and its screens; the order of the server decides which
 * comes first, and what the server offers and this table lacks is passed over.
 *
 * @typedef {'enroll' | 'authenticate'} Purpose
 * @type {Record<string, Partial<Record<Purpose, string>> & { link: string }>}
 */
const factors = {
  otp: { enroll: 'totpEnrollment', authenticate: 'totpAuth', link: 'useTotpFallback' },
  'recovery-code': { authenticate: 'recoveryCodeAuth', link: 'useRecoveryCode' },
};

/**
 * @param {string[]} offered
 * @param {Purpose} purpose
 * @returns {{ screen: string, link: string }[]}
 */
export function supports(offered, purpose) {
  return offered.flatMap((name) => {
    const factor = Object.hasOwn(factors, name) ? factors[name] : undefined;
    const screen = factor?.[purpose];
    return factor && screen ? [{ screen, link: factor.link }] : [];
  });
}
