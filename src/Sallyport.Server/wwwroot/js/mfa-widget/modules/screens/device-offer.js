import { CeremonyRun } from '../credential-view.js';
import { button } from '../dom.js';
import { platform } from '../webauthn.js';

/** @type {import('../registry.js').Screen} */
export const deviceOffer = {
  render(session, signal) {
    const t = (/** @type {string} */ key) => session.texts.get(`deviceOffer.${key}`);
    const { deviceOffer: offer } = session;
    const run = new CeremonyRun(session, signal, {
      group: 'webAuthnEnrollment',
      method: platform,
      begin: () => offer.begin(),
      accepted: () => void offer.accepted(),
    });
    if (offer.timeLeft !== null) {
      const timer = setTimeout(() => offer.end(), offer.timeLeft);
      signal.addEventListener('abort', () => clearTimeout(timer), { once: true });
    }
    return {
      heading: t('headerText'),
      intro: t('intro'),
      body: [run.error, run.button],
      links: [button('text', t('notNowButtonText'), () => offer.decline())],
    };
  },
};
