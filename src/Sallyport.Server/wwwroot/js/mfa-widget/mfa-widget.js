/**
 * Defines the global constructor `Auth0MFAWidget`. This is a classic script, because customers' pages load it with a plain
 * script tag and call the constructor on the next line. The rest of the widget is in the modules beside it.
 */
(function () {
  'use strict';

  /** Every module except languages, screens and the one that only previews need. */
  const parts = [
    'api', 'busy', 'checkbox', 'code-form', 'codes', 'colour', 'continue-on-phone', 'dictionary', 'disclosure', 'dom',
    'errors', 'events', 'flow', 'frame', 'languages/index', 'memory', 'navigation', 'options', 'otpauth', 'post-result',
    'qr', 'recovery-file', 'registry', 'remember-browser', 'screen-history', 'screens/index', 'secret', 'session',
    'state-checks', 'success-icon', 'support-contact', 'theme', 'transaction', 'widget',
  ];

  const languages = ['ar', 'de', 'en', 'es', 'fr', 'hi', 'it', 'ja', 'ko', 'nl', 'pl', 'pt', 'tr', 'zh'];

  const script = /** @type {HTMLScriptElement | null} */ (
    document.currentScript ?? document.querySelector('script[src*="mfa-widget"]')
  );
  const base = new URL('.', script?.src || document.baseURI);

  // Everything is requested before the constructor is called, and at the same time instead of import after import: on a slow
  // line that saves several round trips.
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

  /** The server's choice for this person comes before the language of the page, which may be the same for everybody. */
  function wantedLanguage() {
    return script?.dataset.language || document.documentElement.lang || 'en';
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
  function findContainer(container) {
    return container instanceof Element ? container : document.getElementById(String(container || 'container'));
  }

  /** @param {any} options */
  async function mount(options) {
    let target = findContainer(options.container);
    if (!target) {
      await parsed();
      target = findContainer(options.container);
    }
    if (!target) {
      throw new Error(`Auth0MFAWidget: there is no element with the id "${options.container}".`);
    }
    try {
      const [{ start }] = await Promise.all([modules, styles]);
      await start(target, options, wantedLanguage());
    } catch (error) {
      target.textContent =
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
