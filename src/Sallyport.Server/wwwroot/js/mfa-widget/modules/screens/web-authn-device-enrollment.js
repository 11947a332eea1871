import { enrollmentScreen } from '../credential-screens.js';
import { platform } from '../webauthn.js';

export const webAuthnDeviceEnrollment = enrollmentScreen('webAuthnDeviceEnrollment', platform);
