import { button, el } from '../dom.js';
import { storeLink } from '../store-link.js';

/** @type {import('../registry.js').Screen} */
export const downloadApp = {
  factor: 'otp',
  step: 1,
  render(session) {
    const { texts } = session;
    const t = (/** @type {string} */ key) => texts.get(`downloadApp.${key}`);
    return {
      heading: t('headerText'),
      intro: t('intro'),
      body: [
        el('p', {}, t('whichApp')),
        el('div', { class: 'sp-choices' }, storeLink(t('iosLabel'), t('iosUrl')), storeLink(t('androidLabel'), t('androidUrl'))),
        el('p', { class: 'sp-hint' }, t('builtIn')),
        button('main', t('readyButtonText'), () => session.back('totpEnrollment')),
      ],
      links: [button('text', texts.get('defaults.backButtonText'), () => session.back('totpEnrollment'))],
    };
  },
};
