// Small comforts. Every page of the dashboard works without them.

// "/" goes to the search, as in many consoles, unless the person is typing.
document.addEventListener('keydown', (event) => {
  const isTyping = event.target instanceof Element && event.target.closest('input, select, textarea, [contenteditable]');
  if (event.key === '/' && !isTyping && !event.ctrlKey && !event.metaKey && !event.altKey) {
    const field = /** @type {HTMLInputElement | null} */ (document.querySelector('[data-search]'));
    if (field) {
      event.preventDefault();
      field.focus();
      field.select();
    }
  }
});

// Arrow keys move between the rows of a list.
document.addEventListener('keydown', (event) => {
  const row = event.target instanceof Element ? event.target.closest('.row-link')?.closest('tr') : null;
  const next = event.key === 'ArrowDown' ? row?.nextElementSibling : event.key === 'ArrowUp' ? row?.previousElementSibling : null;
  const link = /** @type {HTMLElement | null | undefined} */ (next?.querySelector('.row-link'));
  if (link) {
    event.preventDefault();
    link.focus();
  }
});

for (const button of /** @type {NodeListOf<HTMLButtonElement>} */ (document.querySelectorAll('[data-copy]'))) {
  const text = button.textContent;
  button.hidden = false;
  button.addEventListener('click', async () => {
    const field = /** @type {HTMLInputElement} */ (document.getElementById(button.dataset.copy ?? ''));
    field.select();
    await navigator.clipboard.writeText(field.value);
    button.textContent = button.dataset.copied ?? text;
    setTimeout(() => { button.textContent = text; }, 2000);
  });
}
