import { signInScreen } from '../credential-screens.js';
import { roaming } from '../webauthn.js';

export const webAuthnAuth = signInScreen('webAuthnAuth', roaming);
