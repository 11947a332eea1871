// Starts the widget with what the server has put into the page; the page itself holds no script.
(function () {
  'use strict';

  const data = JSON.parse(document.getElementById('mfa-page')?.textContent || '{}');
  const { Auth0MFAWidget } = /** @type {any} */ (window);
  new Auth0MFAWidget({ container: 'container', ...data });
})();
