// Adds a button to the sign-in form that shows the password. Without JavaScript the form works without it.
(() => {
  const field = /** @type {HTMLInputElement} */ (document.getElementById('password'));
  const button = /** @type {HTMLButtonElement} */ (document.getElementById('show-password'));
  const texts = { password: button.textContent, text: button.dataset.hide ?? '' };

  /** @param {'password' | 'text'} type */
  const turn = (type) => {
    field.type = type;
    button.textContent = texts[type];
  };

  button.addEventListener('click', () => turn(field.type === 'password' ? 'text' : 'password'));
  // A browser may remember what was typed into a field with readable text.
  field.form?.addEventListener('submit', () => turn('password'));
  button.hidden = false;
})();
