import { el } from './dom.js';
import { ApiError } from './errors.js';

/** The milliseconds after which a result that was posted can be posted again, if the page is still on show. */
const pause = 10_000;

/** Posts the result, but not while it is being posted: the application takes it once, and would refuse the second post. */
export class ResultPost {
  #postedUntil = 0;

  /**
   * @param {import('./api.js').ApiClient} api
   * @param {string} address
   * @param {boolean} rememberBrowser
   */
  async run(api, address, rememberBrowser) {
    if (Date.now() < this.#postedUntil) {
      return;
    }
    this.#postedUntil = Date.now() + pause;
    try {
      await postResult(api, address, rememberBrowser);
    } catch (problem) {
      this.#postedUntil = 0;
      throw problem;
    }
  }
}

/**
 * Posts the signed result to the application that asked for it, as a form with the published field names.
 *
 * @param {import('./api.js').ApiClient} api
 * @param {string} address
 * @param {boolean} rememberBrowser
 */
async function postResult(api, address, rememberBrowser) {
  // A browser that cannot be remembered is asked again the next time; this sign-in goes on.
  const isRemembered = rememberBrowser && (await api.rememberBrowser().then(() => true, () => false));
  const { token } = await api.transactionState();
  if (!token) {
    throw new ApiError(401, 'globalTransactionExpired');
  }
  const target = new URL(address, document.baseURI);
  if (!/^https?:$/.test(target.protocol)) {
    throw new Error('postActionURL is not a web address.');
  }
  const fields = { signature: String(token), accepted: 'true', ...(isRemembered && { rememberBrowser: 'true' }) };
  const form = el(
    'form',
    { method: 'post', action: target.href, hidden: true },
    ...Object.entries(fields).map(([name, value]) => el('input', { type: 'hidden', name, value })),
  );
  document.body.append(form);
  form.submit();
}
