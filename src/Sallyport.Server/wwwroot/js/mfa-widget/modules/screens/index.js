// Every screen of the widget. The names are part of the contract: see `Screen` in ../registry.js.
export { authCongrats } from './auth-congrats.js';
export { downloadApp } from './download-app.js';
export { duoAuth } from './duo-auth.js';
export { duoEnrollment } from './duo-enrollment.js';
export { emailAuth } from './email-auth.js';
export { emailEnrollmentConfirm } from './email-enrollment-confirm.js';
export { enrollmentCongrats } from './enrollment-congrats.js';
export { generalError } from './general-error.js';
export { guardianTotpAuth } from './guardian-totp-auth.js';
export { pushAuth } from './push-auth.js';
export { pushEnrollment } from './push-enrollment.js';
export { recoveryCodeAuth } from './recovery-code-auth.js';
export { reportRecoveryCode } from './report-recovery-code.js';
export { totpAuth } from './totp-auth.js';
export { totpEnrollment } from './totp-enrollment.js';
export { totpEnrollmentCode } from './totp-enrollment-code.js';
