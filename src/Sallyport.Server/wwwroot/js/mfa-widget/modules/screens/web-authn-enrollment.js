import { enrollmentScreen } from '../credential-screens.js';
import { roaming } from '../webauthn.js';

export const webAuthnEnrollment = enrollmentScreen('webAuthnEnrollment', roaming);
