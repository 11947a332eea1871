import { Api } from './api.js';
import { isolate, merge, Texts } from './dictionary.js';
import { Frame } from './frame.js';
import { canonical, directionOf, loadLanguage } from './languages/index.js';
import { Memory } from './memory.js';
import { readOptions } from './options.js';
import { Session } from './session.js';
import { applyPrimaryColor } from './theme.js';

/**
 * @param {Element} container
 * @param {any} given the argument of the constructor
 * @param {string} wantedLanguage
 * @param {(path: string) => string} asset gives the address of a file of the widget
 */
export async function start(container, given, wantedLanguage, asset) {
  const options = readOptions(given);
  const isPreview = options.ticket === 'preview' || options.requestToken === 'preview';
  const memory = isPreview ? new Memory(null, null, '') : Memory.ofBrowser();
  options.account ||= memory.findTransaction(options)?.account ?? '';
  const { language, dictionary } = await loadLanguage(wantedLanguage, asset);
  // A page with its own texts has them in its own language, which may be one that the widget does not have.
  const tag = options.languageDictionary ? canonical(wantedLanguage) : language;
  const direction = directionOf(tag);
  const texts = new Texts(merge(dictionary, options.languageDictionary), tag, {
    tenantName: isolate(options.tenant, direction),
    account: isolate(options.account, direction),
    reference: isolate(options.reference, direction),
  });
  const frame = new Frame(container, options, texts, direction);
  applyPrimaryColor(frame.root, options.primaryColor);
  const api = isPreview ? await previewApi() : new Api(options.mfaServerUrl, options.globalTrackingId);
  await new Session(options, api, frame, texts, memory).start();
}

async function previewApi() {
  const { PreviewApi } = await import('./preview.js');
  return new PreviewApi();
}
