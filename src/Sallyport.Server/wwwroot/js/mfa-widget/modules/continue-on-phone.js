import { button } from './dom.js';
import { qrCode } from './qr.js';

/**
 * The step from a desktop to a phone: a QR code of this page. It is alone on its screen, so that nobody scans the wrong one.
 *
 * @param {import('./session.js').Session} session
 * @param {AbortSignal} signal
 * @returns {import('./frame.js').View}
 */
export function continueOnPhone(session, signal) {
  const t = (/** @type {string} */ key) => session.texts.get(`totpEnrollment.${key}`);
  session.handedOver = true;
  session.checkState(signal, { periodically: true });
  return {
    heading: t('continueOnPhone'),
    intro: t('continueOnPhoneText'),
    body: [qrCode(session, signal, { text: session.options.pageUrl, alt: t('continueOnPhoneAlt') })],
    links: [button('text', session.texts.get('defaults.backButtonText'), () => session.back('totpEnrollment'))],
  };
}
