/**
 * Defines the global constructor `Auth0MFAWidget`. A classic script, because customers' pages load it with a plain
 * script tag and call the constructor on the next line; everything else is in modules beside this file.
 */
(function () {
  'use strict';

  /** Every file in `modules` but the languages, and what only a preview needs. */
  const parts = [
    'api', 'code-form', 'codes', 'colour', 'continue-on-phone', 'dictionary', 'disclosure', 'dom', 'errors',
    'factors', 'flow', 'frame', 'languages/index', 'mark', 'news', 'options', 'otpauth', 'pending', 'qr',
    'remember', 'result', 'screens/auth-congrats', 'screens/download-app', 'screens/enrollment-congrats',
    'screens/general-error', 'screens/index', 'screens/recovery-code-auth', 'screens/report-recovery-code',
    'screens/totp-auth', 'screens/totp-enrollment', 'screens/totp-enrollment-code', 'secret', 'session', 'support',
    'theme', 'tick', 'transaction', 'watch', 'widget',
  ];

  const languages = ['ar', 'de', 'en', 'es', 'fr', 'hi', 'it', 'ja', 'ko', 'nl', 'pl', 'pt', 'tr', 'zh'];

  const own = /** @type {HTMLScriptElement | null} */ (
    document.currentScript ?? document.querySelector('script[src*="mfa-widget"]')
  );
  const base = new URL('.', own?.src || document.baseURI);

  // All of it starts before the constructor is called, and at once rather than each import after the one before:
  // a phone on a slow line waits for two round trips and not for seven.
  const styles = stylesReady();
  for (const name of parts) {
    preload(name);
  }
  const early = languages.find((name) => name === wantedLanguage().slice(0, 2).toLowerCase());
  if (early) {
    preload(`languages/${early}`);
  }
  const modules = import(new URL('modules/widget.js', base).href);
  modules.catch(() => undefined);

  /** What the server has found out about the person comes before what a page that is the same for all says of itself. */
  function wantedLanguage() {
    return own?.dataset.language || document.documentElement.lang || 'en';
  }

  /** @param {string} name */
  function preload(name) {
    const link = document.createElement('link');
    link.rel = 'modulepreload';
    link.crossOrigin = 'anonymous';
    link.href = new URL(`modules/${name}.js`, base).href;
    (document.head ?? document.documentElement).append(link);
  }

  function stylesReady() {
    const href = new URL('mfa-widget.css', base).href;
    const known = [...document.querySelectorAll('link')].find((link) => link.rel === 'stylesheet' && link.href === href);
    if (known) {
      return Promise.resolve();
    }
    const link = document.createElement('link');
    link.rel = 'stylesheet';
    link.href = href;
    const settled = new Promise((resolve) => {
      link.addEventListener('load', resolve);
      link.addEventListener('error', resolve);
      setTimeout(resolve, 3000);
    });
    (document.head ?? document.documentElement).append(link);
    return settled;
  }

  function parsed() {
    return document.readyState === 'loading'
      ? new Promise((resolve) => document.addEventListener('DOMContentLoaded', resolve, { once: true }))
      : Promise.resolve();
  }

  /** @param {unknown} container */
  function find(container) {
    return container instanceof Element ? container : document.getElementById(String(container || 'container'));
  }

  /** @param {any} options */
  async function mount(options) {
    let place = find(options.container);
    if (!place) {
      await parsed();
      place = find(options.container);
    }
    if (!place) {
      throw new Error(`Auth0MFAWidget: there is no element with the id "${options.container}".`);
    }
    try {
      const [{ start }] = await Promise.all([modules, styles]);
      await start(place, options, wantedLanguage());
    } catch (error) {
      place.textContent =
        options.notLoadedText || 'This page could not be loaded. Check your connection and open the page again.';
      throw error;
    }
  }

  /**
   * @this {unknown}
   * @param {object} [options]
   */
  function Auth0MFAWidget(options) {
    mount(options ?? {}).catch((error) => console.error(error));
  }

  Object.assign(window, { Auth0MFAWidget });
})();
