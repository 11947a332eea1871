import { isolate } from '../dictionary.js';
import { disclosure } from '../disclosure.js';
import { button, el } from '../dom.js';
import { qrCode } from '../qr.js';
import { storeLink } from '../store-link.js';

/**
 * The app of the tenant for push messages. What the tenant has not set, it has to tell the person itself.
 *
 * @type {import('../registry.js').Screen}
 */
export const downloadPushApp = {
  factor: 'push',
  group: 'downloadApp',
  step: 1,
  render(session, signal) {
    const t = (/** @type {string} */ key) => session.texts.get(`downloadApp.${key}`);
    const { name = '', appleLink = '', googleLink = '' } = session.transaction?.pushApp ?? {};
    const stores = [
      { label: t('iosLabel'), address: appleLink },
      { label: t('androidLabel'), address: googleLink },
    ].filter(({ address }) => address);
    const onPhone = matchMedia('(pointer: coarse)').matches;
    return {
      heading: name ? session.texts.get('downloadApp.pushHeaderTextNamed', { appName: isolate(name, session.frame.root.dir) }) : t('pushHeaderText'),
      intro: t('pushIntro'),
      body: [
        el('p', {}, t(stores.length > 0 ? 'pushInstall' : 'pushEnrollmentActions')),
        ...(onPhone
          ? [stores.length > 0 && el('div', { class: 'sp-choices' }, ...stores.map(({ label, address }) => storeLink(label, address)))]
          : stores.map((store) => storeCode(session, signal, store))),
        button('main', t('readyButtonText'), () => session.back('pushEnrollment')),
      ],
      links: [button('text', session.texts.get('defaults.backButtonText'), () => session.back('pushEnrollment'))],
    };
  },
};

/**
 * At a desktop, a QR code takes the phone to the store. Each is hidden at first, so that nobody scans the one of the other store.
 *
 * @param {import('../session.js').Session} session
 * @param {AbortSignal} signal
 * @param {{ label: string, address: string }} store
 */
function storeCode(session, signal, { label, address }) {
  const t = (/** @type {string} */ key) => session.texts.get(`downloadApp.${key}`);
  return disclosure(label, () => [
    el('p', {}, t('storeQrCodeText')),
    qrCode(session, signal, { text: address, alt: t('storeQrCodeAlt') }),
  ]);
}
