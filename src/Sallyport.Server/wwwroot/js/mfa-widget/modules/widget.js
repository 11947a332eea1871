import { Api } from './api.js';
import { merge, Texts } from './dictionary.js';
import { Frame } from './frame.js';
import { directionOf, loadLanguage } from './languages/index.js';
import { readOptions } from './options.js';
import { Session } from './session.js';
import { applyPrimary } from './theme.js';

/**
 * @param {Element} container
 * @param {any} given
 */
export async function start(container, given) {
  const options = readOptions(given);
  const wanted = languageOf(document.documentElement.lang);
  const { language, dictionary } = await loadLanguage(wanted);
  // A page that brings its own texts brings them in its own language.
  const spoken = options.languageDictionary ? wanted : language;
  const texts = new Texts(merge(dictionary, options.languageDictionary), spoken, {
    tenantName: options.tenant,
    account: options.account,
  });
  const frame = new Frame(container, options, texts, directionOf(spoken));
  applyPrimary(frame.root, options.primaryColor);
  await new Session(options, await apiOf(options), frame, texts).begin();
}

/** @param {import('./options.js').Options} options */
async function apiOf(options) {
  if (options.ticket === 'preview' || options.requestToken === 'preview') {
    const { PreviewApi } = await import('./preview.js');
    return new PreviewApi();
  }
  return new Api(options.mfaServerUrl, options.globalTrackingId);
}

/** @param {string} tag a page's own `lang`, which may be anything */
function languageOf(tag) {
  try {
    return Intl.getCanonicalLocales(tag)[0] ?? 'en';
  } catch {
    return 'en';
  }
}
