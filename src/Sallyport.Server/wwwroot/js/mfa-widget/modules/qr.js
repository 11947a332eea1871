import { button, el } from './dom.js';

/**
 * A QR code that the server draws. If it cannot be had, words say so; the other ways on the screen still work.
 *
 * @param {import('./session.js').Session} session
 * @param {AbortSignal} signal
 * @param {{ text: string, alt: string }} content
 */
export function qrCode(session, signal, { text, alt }) {
  const place = el('div', { class: 'sp-qr' });
  const load = async () => {
    place.replaceChildren();
    const wait = () => place.replaceChildren(el('p', {}, session.texts.get('defaults.pleaseWait')));
    const timer = setTimeout(wait, 300);
    try {
      const address = URL.createObjectURL(await session.api.qrCode(text, signal));
      signal.addEventListener('abort', () => URL.revokeObjectURL(address), { once: true });
      place.replaceChildren(el('img', { src: address, alt, onerror: failed }));
    } catch {
      if (!signal.aborted) {
        failed();
      }
    } finally {
      clearTimeout(timer);
    }
  };
  const failed = () => {
    const words = session.texts.get('totpEnrollment.qrCodeFailed');
    place.replaceChildren(el('p', {}, words), button('text', session.texts.get('defaults.tryAgainButtonText'), load));
    session.frame.announce(words);
  };
  void load();
  return place;
}
