import { button, el } from '../dom.js';

/** @type {import('./index.js').Screen} */
export function downloadApp(session) {
  const { texts } = session;
  const t = (/** @type {string} */ key) => texts.get(`downloadApp.${key}`);
  const store = (/** @type {string} */ system) =>
    el(
      'a',
      { class: 'sp-button sp-second', href: t(`${system}Url`), target: '_blank', rel: 'noopener noreferrer' },
      t(`${system}Label`),
    );
  return {
    heading: t('headerText'),
    intro: t('intro'),
    body: [
      el('p', {}, t('whichApp')),
      el('div', { class: 'sp-choices' }, store('ios'), store('android')),
      el('p', { class: 'sp-hint' }, t('builtIn')),
      button('main', t('readyButtonText'), () => session.go('totpEnrollment')),
    ],
  };
}
