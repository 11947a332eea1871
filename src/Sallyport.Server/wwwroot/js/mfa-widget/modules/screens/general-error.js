import { button, el } from '../dom.js';
import { supportContact } from '../support-contact.js';

/** Errors of people who have set up their app, but may have closed the page before they saved the recovery code. */
const afterEnrollment = new Set(['ticketUsed', 'alreadyEnrolled', 'invalidToken']);

/** Errors after which the button starts a new transaction. */
const startsAgain = new Set(['globalTransactionExpired', 'tooManyCodes', 'tooManyEmailCodes']);

/** @type {import('../registry.js').Screen} */
export const generalError = {
  render(session, _signal, /** @type {import('../flow.js').TerminalError} */ error) {
    const { texts, options } = session;
    const isKnown = texts.find(`errorMessages.${error.key}`) !== undefined;
    const key = isKnown ? error.key : 'default';
    const heading = texts.find(`generalError.headings.${key}`) ?? texts.get('generalError.headings.default');
    const help = texts.find(`generalError.errorsRecoveryHelp.${error.help ?? key}`);
    return {
      heading,
      intro: message(texts, error, key),
      body: [
        el('p', {}, help ?? texts.get('generalError.errorsRecoveryHelp.default')),
        afterEnrollment.has(key) && el('p', {}, texts.get('generalError.lostRecoveryCode')),
        error.action && button('main', texts.get(actionText(key)), () => void session.start()),
        supportContact(session),
        options.reference && el('p', { class: 'sp-reference' }, texts.get('defaults.reference')),
      ],
    };
  },
};

/**
 * @param {import('../dictionary.js').Texts} texts
 * @param {import('../flow.js').TerminalError} error
 * @param {string} key
 */
function message(texts, error, key) {
  if (error.retryAfter) {
    return texts.tooManyAttempts(error.retryAfter);
  }
  return key === 'default' && error.message ? error.message : texts.get(`errorMessages.${key}`);
}

/** @param {string} key */
function actionText(key) {
  return startsAgain.has(key) ? 'generalError.startAgainButtonText' : 'defaults.tryAgainButtonText';
}
