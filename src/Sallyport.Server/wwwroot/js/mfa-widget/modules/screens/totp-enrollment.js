import { continueOnPhone } from '../continue-on-phone.js';
import { disclosure } from '../disclosure.js';
import { button, el } from '../dom.js';
import { otpauthUri } from '../otpauth.js';
import { qrCode } from '../qr.js';
import { copyButton, secretText } from '../secret.js';

/** @type {import('./index.js').Screen} */
export function totpEnrollment(session, signal, { toPhone = false } = {}) {
  return toPhone ? continueOnPhone(session, signal) : addKey(session, signal);
}

/**
 * @param {import('../session.js').Session} session
 * @param {AbortSignal} signal
 * @returns {import('../frame.js').View}
 */
function addKey(session, signal) {
  const t = (/** @type {string} */ key) => session.texts.get(`totpEnrollment.${key}`);
  const onPhone = matchMedia('(pointer: coarse)').matches;
  const proceed = button('main', t('continueButtonText'), () => session.go('totpEnrollmentCode', { onPhone }));
  const parts = { session, signal, t, proceed };
  session.watch(signal);
  return {
    heading: t(onPhone ? 'headerTextPhone' : 'headerText'),
    intro: t('intro'),
    body: [...(onPhone ? phone(parts) : desk(parts)), proceed],
    links: [
      button('text', t('noApp'), () => session.go('downloadApp')),
      onPhone || !session.options.pageUrl
        ? null
        : button('text', t('continueOnPhone'), () => session.go('totpEnrollment', { toPhone: true })),
      ...session.otherWays('totpEnrollment').map((way) => button('text', way.label, () => session.go(way.screen))),
    ],
  };
}

/**
 * @typedef {object} Parts
 * @property {import('../session.js').Session} session
 * @property {AbortSignal} signal
 * @property {(key: string) => string} t
 * @property {HTMLButtonElement} proceed
 */

/** @param {import('../session.js').Session} session */
function uriOf({ options, transaction }) {
  return otpauthUri({ issuer: options.tenant, account: options.account, secret: transaction?.secret ?? '' });
}

/** @param {Parts} parts */
function appQrCode({ session, signal, t }) {
  return qrCode(session, signal, { text: uriOf(session), alt: t('qrCodeAlt') });
}

/** @param {Parts} parts */
function desk(parts) {
  const { session, t } = parts;
  return [shownKey(session, appQrCode(parts), disclosure(t('cannotScan'), () => [el('p', {}, t('keyText')), keyBox(parts)]))];
}

/** @param {Parts} parts */
function phone(parts) {
  const { session, t, proceed } = parts;
  const hint = el('p', { class: 'sp-hint', hidden: true }, t('openAppFailed'));
  const open = el('a', { class: 'sp-button sp-main', href: uriOf(session) }, t('openApp'));
  const added = () => {
    // One main button at a time: first to get the key into the app, then to go on.
    open.classList.replace('sp-main', 'sp-second');
    proceed.classList.replace('sp-second', 'sp-main');
  };
  open.addEventListener('click', () => {
    added();
    setTimeout(() => {
      hint.hidden = document.visibilityState !== 'visible';
    }, 1500);
  });
  proceed.classList.replace('sp-main', 'sp-second');
  return [
    open,
    hint,
    shownKey(
      session,
      el('p', {}, t('keyTextPhone')),
      keyBox(parts, added),
      disclosure(t('showQrCode'), () => [appQrCode(parts)], { opened: added }),
    ),
  ];
}

/**
 * One element holds the key, however it is shown and on whichever device; pages and scripts around the widget find it.
 *
 * @param {import('../session.js').Session} session
 * @param {...Node} children
 */
function shownKey({ transaction }, ...children) {
  return el('div', { 'data-otp-secret': transaction?.secret }, ...children);
}

/**
 * @param {Parts} parts
 * @param {() => void} [copied]
 */
function keyBox({ session, t }, copied) {
  const secret = session.transaction?.secret ?? '';
  const shown = secretText(secret, { label: t('keyLabel'), columns: 4 });
  return el('div', { class: 'sp-box' }, shown, copyButton(session, secret, { label: t('copyKeyButton'), shown, copied }));
}
