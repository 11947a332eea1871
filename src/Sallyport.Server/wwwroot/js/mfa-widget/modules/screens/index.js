import { authCongrats } from './auth-congrats.js';
import { downloadApp } from './download-app.js';
import { enrollmentCongrats } from './enrollment-congrats.js';
import { generalError } from './general-error.js';
import { recoveryCodeAuth } from './recovery-code-auth.js';
import { reportRecoveryCode } from './report-recovery-code.js';
import { totpAuth } from './totp-auth.js';
import { totpEnrollmentCode } from './totp-enrollment-code.js';
import { totpEnrollment } from './totp-enrollment.js';

/**
 * Every screen, by the name that its element carries in `data-screen`.
 *
 * @typedef {(session: import('../session.js').Session, signal: AbortSignal, details?: any) => import('../frame.js').View} Screen
 * @type {Record<string, Screen>}
 */
export const screens = {
  authCongrats,
  downloadApp,
  enrollmentCongrats,
  generalError,
  recoveryCodeAuth,
  reportRecoveryCode,
  totpAuth,
  totpEnrollment,
  totpEnrollmentCode,
};
