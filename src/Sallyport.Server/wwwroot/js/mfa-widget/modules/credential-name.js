import { whileBusy } from './busy.js';
import { textsOf } from './credential-view.js';
import { button, el, uniqueId } from './dom.js';
import { asApiError } from './errors.js';

/** As the server allows it. */
const maxLength = 40;

/**
 * Asks for the name of a credential that has just been registered. It has one already, so the person may just continue.
 *
 * @param {import('./session.js').Session} session
 * @param {{ group: string, method: import('./credential-screens.js').Method }} options
 * @param {string} name that it has
 * @returns {import('./frame.js').View}
 */
export function credentialNameView(session, options, name) {
  const t = textsOf(session, options);
  const error = el('p', { class: 'sp-error', id: uniqueId('error') });
  const input = el('input', {
    id: uniqueId('name'),
    class: 'sp-input sp-plain',
    type: 'text',
    value: name,
    autocomplete: 'off',
    maxlength: maxLength,
    'aria-describedby': error.id,
    oninput: () => showError(''),
  });
  const submit = button('main', session.texts.get('defaults.continueButtonText'));
  const showError = (/** @type {string} */ text) => {
    error.textContent = text;
    text ? input.setAttribute('aria-invalid', 'true') : input.removeAttribute('aria-invalid');
    text && session.frame.announce(text);
  };
  const proceed = async () => {
    const chosen = input.value.trim();
    if (!chosen) {
      showError(t('nameInvalid', { length: String(maxLength) }));
      input.focus();
      return;
    }
    try {
      if (chosen !== name) {
        await whileBusy(submit, session.texts.get('defaults.pleaseWait'), () => session.api.webAuthnName(chosen));
      }
      session.enrollmentConfirmed(options.method);
    } catch (problem) {
      const isRefused = asApiError(problem).status === 400;
      showError(isRefused ? t('nameInvalid', { length: String(maxLength) }) : session.texts.get('errorMessages.defaultRequest'));
    }
  };
  const onsubmit = (/** @type {Event} */ event) => {
    event.preventDefault();
    void proceed();
  };
  return {
    heading: t('nameHeader'),
    intro: t('nameIntro'),
    body: [
      el(
        'form',
        { class: 'sp-form', novalidate: true, onsubmit },
        el('label', { class: 'sp-label', for: input.id }, t('nameLabel')),
        input,
        error,
        submit,
      ),
    ],
  };
}
