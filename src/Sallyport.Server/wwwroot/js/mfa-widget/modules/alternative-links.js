import { disclosure } from './disclosure.js';
import { button, el } from './dom.js';
import { entryScreens, linkText } from './registry.js';

/** More links than these are behind a button. */
const most = 3;

/**
 * Links to the screens of the other factors that the person may use instead of the one on show.
 *
 * @param {import('./session.js').Session} session
 * @param {string} screen the one on show
 */
export function alternativeLinks(session, screen) {
  const { enrolled = false, authenticatorTypes = [], enrollmentMethods = [] } = session.transaction ?? {};
  const entries = enrolled ? entryScreens(authenticatorTypes, 'authenticate') : entryScreens(enrollmentMethods, 'enroll');
  const links = entries
    .filter((name) => name !== screen)
    .map((name) => button('text', linkText(session.texts, screen, name), () => session.show(name, { chosen: true })));
  return links.length > most ? [disclosure(session.texts.get('defaults.otherWays'), () => [el('div', { class: 'sp-ways' }, ...links)])] : links;
}
