import { button, el } from '../dom.js';

/** @type {import('../registry.js').Screen} */
export const downloadApp = {
  factor: 'otp',
  step: 1,
  render(session) {
    const { texts } = session;
    const t = (/** @type {string} */ key) => texts.get(`downloadApp.${key}`);
    const storeLink = (/** @type {string} */ system) =>
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
        el('div', { class: 'sp-choices' }, storeLink('ios'), storeLink('android')),
        el('p', { class: 'sp-hint' }, t('builtIn')),
        button('main', t('readyButtonText'), () => session.back('totpEnrollment')),
      ],
      links: [button('text', texts.get('defaults.backButtonText'), () => session.back('totpEnrollment'))],
    };
  },
};
