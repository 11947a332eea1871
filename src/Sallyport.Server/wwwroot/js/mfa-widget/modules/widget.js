import { Api } from './api.js';
import { isolate, merge, Texts } from './dictionary.js';
import { Frame } from './frame.js';
import { canonical, directionOf, loadLanguage } from './languages/index.js';
import { readOptions } from './options.js';
import { Session } from './session.js';
import { applyPrimary } from './theme.js';

/**
 * @param {Element} container
 * @param {any} given
 * @param {string} wanted
 */
export async function start(container, given, wanted) {
  const options = readOptions(given);
  const { language, dictionary } = await loadLanguage(wanted);
  // A page that brings its own texts brings them in its own language.
  const spoken = options.languageDictionary ? canonical(wanted) : language;
  const direction = directionOf(spoken);
  const texts = new Texts(merge(dictionary, options.languageDictionary), spoken, {
    tenantName: isolate(options.tenant, direction),
    account: isolate(options.account, direction),
  });
  const frame = new Frame(container, options, texts, direction);
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
