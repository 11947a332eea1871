import { signInScreen } from '../credential-screens.js';
import { platform } from '../webauthn.js';

export const webAuthnDeviceAuth = signInScreen('webAuthnDeviceAuth', platform);
