import { alternativeLinks } from './alternative-links.js';
import { sendCode, sentCodeView } from './sent-code.js';

/**
 * A screen that sends a code to the person's email address and asks for it.
 *
 * @param {import('./session.js').Session} session
 * @param {AbortSignal} signal
 * @param {object} options
 * @param {string} options.group of the dictionary, which is also the name of the screen
 * @param {string} options.buttonText
 * @param {import('./dom.js').Child[]} [options.extras] shown between the field and the button
 * @param {() => void} options.accepted
 * @returns {import('./frame.js').View}
 */
export function emailCodeView(session, signal, options) {
  const t = (/** @type {string} */ key) => session.texts.get(`${options.group}.${key}`);
  return sentCodeView(session, signal, {
    ...options,
    factor: 'email',
    length: session.transaction?.emailCodeLength ?? 6,
    links: alternativeLinks(session, options.group),
    resend: [{ label: () => t('resendAction') }],
    errorKeys: { invalidOtp: 'invalidEmailCode', tooManyCodes: 'tooManyEmailCodes' },
    tooManyKey: 'tooManyMessages',
    send: async () => {
      await sendCode(session, 'email', () => session.api.sendEmail());
    },
    sentText: () => t('sentText'),
  });
}
