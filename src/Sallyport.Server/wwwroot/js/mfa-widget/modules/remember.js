import { el } from './dom.js';
import { tick } from './tick.js';

/** @param {import('./session.js').Session} session */
export function rememberBox(session) {
  if (!session.options.allowRememberBrowser) {
    return null;
  }
  const { node, input } = tick(session.texts.get('defaults.rememberBrowserCheckbox'));
  input.checked = session.rememberBrowser;
  input.addEventListener('change', () => {
    session.rememberBrowser = input.checked;
  });
  return el('div', {}, node);
}
