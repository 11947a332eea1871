// The editor of a template: checks the text when typing stops, and shows it in the frame beside it. Without this script the editor is a text area
// with a button for the preview.
const area = document.querySelector('[data-editor]');
const form = area.form;
const errorText = document.querySelector('[data-editor-error]');
const unknownText = document.querySelector('[data-editor-unknown]');
const previewButton = form.querySelector('[data-preview-button]');
const typingStopped = 800;

let editor = null;
let saved = area.value;
let timer;
let lastCheck = 0;

function schedule() {
  clearTimeout(timer);
  timer = setTimeout(refresh, typingStopped);
}

async function refresh() {
  const number = ++lastCheck;
  const answer = await fetch(area.dataset.check, { method: 'POST', body: new URLSearchParams(new FormData(form)) });
  // After the end of the session the answer is a page: the next form says so.
  if (!answer.ok || answer.redirected || number !== lastCheck) {
    return;
  }
  const { error, errorText: text, unknown } = await answer.json();
  showText(errorText, text);
  showText(unknownText, unknown);
  area.toggleAttribute('aria-invalid', Boolean(error));
  editor?.showError(error);
  if (!error) {
    showPreview();
  }
}

function showText(place, text) {
  const paragraph = document.createElement('p');
  paragraph.className = place === errorText ? 'error' : 'hint';
  paragraph.textContent = text ?? '';
  place.replaceChildren(...(text ? [paragraph] : []));
}

// Each preview gets a new frame, so that the Back button leaves the editor instead of showing earlier previews.
function showPreview() {
  const old = form.querySelector('[data-preview]');
  const frame = old.cloneNode(false);
  old.removeAttribute('name');
  old.removeAttribute('data-preview');
  frame.addEventListener('load', () => old.remove());
  old.after(frame);
  form.requestSubmit(previewButton);
}

area.addEventListener('input', schedule);
for (const field of form.querySelectorAll('.preview-bar :is(select, input:not([name=size]))')) {
  field.addEventListener('change', refresh);
}

// Leaving asks, unless the text is being saved.
form.addEventListener('submit', (event) => {
  if (!event.submitter?.hasAttribute('formtarget')) {
    saved = area.value;
  }
});
addEventListener('beforeunload', (event) => {
  if (area.value !== saved) {
    event.preventDefault();
  }
});

if (area.dataset.codeEditor) {
  const { createEditor } = await import(area.dataset.codeEditor);
  editor = createEditor(area, schedule);
}
refresh();
