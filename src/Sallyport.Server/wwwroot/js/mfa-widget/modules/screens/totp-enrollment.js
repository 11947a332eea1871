import { alternativeLinks } from '../alternative-links.js';
import { continueOnPhone } from '../continue-on-phone.js';
import { disclosure } from '../disclosure.js';
import { button, el } from '../dom.js';
import { otpauthUri } from '../otpauth.js';
import { qrCode } from '../qr.js';
import { copyButton, secretText } from '../secret.js';

/** @type {import('../registry.js').Screen} */
export const totpEnrollment = {
  factor: 'otp',
  entry: 'enroll',
  link: 'useTotpFallback',
  step: 1,
  render(session, signal, { toPhone = false } = {}) {
    return toPhone ? continueOnPhone(session, signal) : addKey(session, signal);
  },
};

/**
 * @param {import('../session.js').Session} session
 * @param {AbortSignal} signal
 * @returns {import('../frame.js').View}
 */
function addKey(session, signal) {
  const t = (/** @type {string} */ key) => session.texts.get(`totpEnrollment.${key}`);
  const onPhone = matchMedia('(pointer: coarse)').matches;
  const continueButton = button('main', t('continueButtonText'), () => session.show('totpEnrollmentCode', { onPhone }));
  const parts = { session, signal, t, continueButton };
  session.checkState(signal);
  return {
    heading: t(onPhone ? 'headerTextPhone' : 'headerText'),
    intro: t('intro'),
    body: [
      el('div', { class: 'sp-links' }, button('text', t('noApp'), () => session.show('downloadApp'))),
      session.transaction?.reopened && el('p', { class: 'sp-notice' }, t('newKey')),
      ...(onPhone ? phoneBody(parts) : desktopBody(parts)),
      continueButton,
    ],
    links: [
      onPhone || !session.options.pageUrl
        ? null
        : button('text', t('continueOnPhone'), () => session.show('totpEnrollment', { toPhone: true })),
      ...alternativeLinks(session, 'totpEnrollment'),
    ],
  };
}

/**
 * @typedef {object} Parts
 * @property {import('../session.js').Session} session
 * @property {AbortSignal} signal
 * @property {(key: string) => string} t
 * @property {HTMLButtonElement} continueButton
 */

/** @param {import('../session.js').Session} session */
function uriOf({ options, transaction }) {
  return otpauthUri({ issuer: options.tenant, account: options.account, secret: transaction?.secret ?? '' });
}

/** @param {Parts} parts */
function keyQrCode({ session, signal, t }) {
  return qrCode(session, signal, { text: uriOf(session), alt: t('qrCodeAlt') });
}

/** @param {Parts} parts */
function notCamera({ t }) {
  return el('p', { class: 'sp-hint sp-caption' }, t('notCamera'));
}

/** @param {Parts} parts */
function desktopBody(parts) {
  const { session, t } = parts;
  const key = disclosure(t('cannotScan'), () => [el('p', {}, t('keyText')), keyBox(parts)]);
  return [keyElement(session, keyQrCode(parts), notCamera(parts), key)];
}

/** @param {Parts} parts */
function phoneBody(parts) {
  const { session, t, continueButton } = parts;
  const hint = el('p', { class: 'sp-hint', hidden: true }, t('openAppFailed'));
  const openLink = el('a', { class: 'sp-button sp-main', href: uriOf(session) }, t('openApp'));
  const keyTaken = () => {
    // One main button at a time: first the one that adds the key, then the one that continues.
    openLink.classList.replace('sp-main', 'sp-second');
    continueButton.classList.replace('sp-second', 'sp-main');
  };
  openLink.addEventListener('click', () => {
    keyTaken();
    setTimeout(() => {
      hint.hidden = document.visibilityState !== 'visible';
    }, 1500);
  });
  continueButton.classList.replace('sp-main', 'sp-second');
  return [
    openLink,
    hint,
    el('p', {}, t('comeBack')),
    keyElement(
      session,
      disclosure(t('copyKeyInstead'), () => [el('p', {}, t('keyText')), keyBox(parts, keyTaken)]),
      disclosure(t('showQrCode'), () => [keyQrCode(parts), notCamera(parts)], { opened: keyTaken }),
    ),
  ];
}

/**
 * The one element that carries the key in an attribute, for pages and scripts around the widget.
 *
 * @param {import('../session.js').Session} session
 * @param {...Node} children
 */
function keyElement({ transaction }, ...children) {
  return el('div', { 'data-otp-secret': transaction?.secret }, ...children);
}

/**
 * @param {Parts} parts
 * @param {() => void} [copied]
 */
function keyBox({ session, t }, copied) {
  const secret = session.transaction?.secret ?? '';
  const text = secretText(secret, { label: t('keyLabel'), columns: 4 });
  return el('div', { class: 'sp-box' }, text, copyButton(session, secret, { label: t('copyKeyButton'), text, copied }));
}
