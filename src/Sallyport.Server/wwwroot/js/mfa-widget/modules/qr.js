import { button, el } from './dom.js';

/**
 * A QR code, drawn by the server. If it cannot be loaded, a text with a button takes its place.
 *
 * @param {import('./session.js').Session} session
 * @param {AbortSignal} signal
 * @param {{ text: string, alt: string }} image
 */
export function qrCode(session, signal, { text: content, alt }) {
  const place = el('div', { class: 'sp-qr' });
  const load = async () => {
    place.replaceChildren();
    const sayWait = () => place.replaceChildren(el('p', {}, session.texts.get('defaults.pleaseWait')));
    const timer = setTimeout(sayWait, 300);
    try {
      const address = URL.createObjectURL(await session.api.qrCode(content, signal));
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
    const text = session.texts.get('totpEnrollment.qrCodeFailed');
    place.replaceChildren(el('p', {}, text), button('text', session.texts.get('defaults.tryAgainButtonText'), load));
    session.frame.announce(text);
  };
  void load();
  return place;
}
