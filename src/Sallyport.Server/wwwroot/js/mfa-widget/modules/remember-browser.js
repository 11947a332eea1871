import { checkbox } from './checkbox.js';
import { el } from './dom.js';

/** @param {import('./session.js').Session} session */
export function rememberBrowserBox(session) {
  if (!session.options.allowRememberBrowser) {
    return null;
  }
  const { node, input } = checkbox(session.texts.get('defaults.rememberBrowserCheckbox'));
  input.checked = session.rememberBrowser;
  input.addEventListener('change', () => {
    session.setRememberBrowser(input.checked);
  });
  return el('div', {}, node);
}
