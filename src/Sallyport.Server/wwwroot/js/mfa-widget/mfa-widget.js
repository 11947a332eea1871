/**
 * Defines the global constructor `Auth0MFAWidget`. This is a classic script, because customers' pages load it with a plain
 * script tag and call the constructor on the next line. Publishing bundles the modules beside it into this file
 * (HostedPages/bundling); without the bundle they are loaded from here.
 */
(function () {
  'use strict';

  const script = /** @type {HTMLScriptElement | null} */ (
    document.currentScript ?? document.querySelector('script[src*="mfa-widget"]')
  );
  const address = new URL(script?.src || document.baseURI);

  // Requested before the constructor is called, and at the same time.
  const styles = stylesReady();
  const modules =
    // @ts-expect-error Only the bundle defines this name.
    typeof bundledModules === 'undefined' ? import(asset('modules/widget.js')) : Promise.resolve(bundledModules);
  modules.catch(() => undefined);

  /**
   * The address of another file of the widget. It has the version of this one, so that both can be cached for good. Without
   * a script element `address` is that of the page, whose other parameters must not get into addresses of files.
   *
   * @param {string} path
   */
  function asset(path) {
    const version = address.searchParams.get('v');
    const url = new URL(path, address);
    if (version) {
      url.searchParams.set('v', version);
    }
    return url.href;
  }

  /** The server's choice for this person comes before the language of the page, which may be the same for everybody. */
  function wantedLanguage() {
    return script?.dataset.language || document.documentElement.lang || 'en';
  }

  function stylesReady() {
    const file = /\/mfa-widget\.css(?:\?|$)/;
    const known = [...document.querySelectorAll('link')].find((link) => link.rel === 'stylesheet' && file.test(link.href));
    if (known) {
      return Promise.resolve();
    }
    const link = document.createElement('link');
    link.rel = 'stylesheet';
    link.href = asset('mfa-widget.css');
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
      await start(target, options, wantedLanguage(), asset);
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
