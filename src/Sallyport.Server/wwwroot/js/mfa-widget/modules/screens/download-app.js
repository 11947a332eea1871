import { button, el } from '../dom.js';

/** @type {import('../registry.js').Screen} */
export const downloadApp = {
  factor: 'otp',
  step: 1,
  render(session, _signal, { app = 'otp' } = {}) {
    const { texts } = session;
    const t = (/** @type {string} */ key) => texts.get(`downloadApp.${key}`);
    if (app === 'push') {
      return pushApp(session, t);
    }
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

/**
 * The application has an app of its own for push messages, so only the page can know where it is.
 *
 * @param {import('../session.js').Session} session
 * @param {(key: string) => string} t
 */
function pushApp(session, t) {
  return {
    heading: t('pushHeaderText'),
    intro: t('pushIntro'),
    body: [el('p', {}, t('pushEnrollmentActions')), button('main', t('readyButtonText'), () => session.back('pushEnrollment'))],
    links: [button('text', session.texts.get('defaults.backButtonText'), () => session.back('pushEnrollment'))],
  };
}
