import { alternativeLinks } from '../alternative-links.js';
import { disclosure } from '../disclosure.js';
import { button, el } from '../dom.js';
import { pushUri } from '../otpauth.js';
import { qrCode } from '../qr.js';

/** @type {import('../registry.js').Screen} */
export const pushEnrollment = {
  factor: 'push',
  entry: 'enroll',
  step: 1,
  render(session, signal) {
    const t = (/** @type {string} */ key) => session.texts.get(`pushEnrollment.${key}`);
    const onPhone = matchMedia('(pointer: coarse)').matches;
    const uri = uriOf(session);
    const code = () => qrCode(session, signal, { text: uri, alt: t('qrCodeAlt') });
    // The phone enrolls itself; this page only notices it.
    session.checkState(signal, { periodically: true });
    return {
      heading: t(onPhone ? 'headerTextPhone' : 'headerText'),
      intro: t('intro'),
      body: [
        el('div', { class: 'sp-links' }, button('text', t('noApp'), () => session.show('downloadPushApp'))),
        ...(onPhone
          ? [el('a', { class: 'sp-button sp-main', href: uri }, t('openApp')), el('p', {}, t('comeBack')), disclosure(t('showQrCode'), () => [code()])]
          : [code()]),
        el('p', { class: 'sp-hint', role: 'status' }, t('waiting')),
      ],
      links: alternativeLinks(session, 'pushEnrollment'),
    };
  },
};

/** @param {import('../session.js').Session} session */
function uriOf({ options, transaction }) {
  return pushUri({
    issuer: options.tenant,
    account: options.account,
    secret: transaction?.secret ?? '',
    enrollmentId: transaction?.enrollmentId ?? '',
    deviceId: transaction?.deviceId ?? '',
    baseUrl: options.mfaServerUrl,
  });
}
