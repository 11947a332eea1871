import { button, el } from '../dom.js';
import { supportLine } from '../support.js';

/** @type {import('./index.js').Screen} */
export function generalError(session, _signal, deadEnd) {
  const { texts, options } = session;
  const known = texts.find(`errorMessages.${deadEnd.key}`) !== undefined;
  const key = known ? deadEnd.key : 'default';
  const heading = texts.find(`generalError.headings.${key}`) ?? texts.get('generalError.headings.default');
  const help = texts.find(`generalError.errorsRecoveryHelp.${deadEnd.help ?? key}`);
  return {
    heading,
    intro: message(texts, deadEnd, key),
    body: [
      el('p', {}, help ?? texts.get('generalError.errorsRecoveryHelp.default')),
      deadEnd.action && button('main', texts.get(actionText(key)), () => void session.begin()),
      supportLine(session),
      options.reference && el('p', { class: 'sp-reference' }, texts.get('defaults.reference', { reference: options.reference })),
    ],
  };
}

/**
 * @param {import('../dictionary.js').Texts} texts
 * @param {import('../flow.js').DeadEnd} deadEnd
 * @param {string} key
 */
function message(texts, deadEnd, key) {
  if (deadEnd.retryAfter) {
    const { wait, time } = texts.wait(deadEnd.retryAfter);
    return texts.get(`errorMessages.${time ? 'tooManyAttemptsTime' : 'tooManyAttemptsWait'}`, { wait, time: time ?? '' });
  }
  const own = texts.get(`errorMessages.${key}`);
  return key === 'default' && deadEnd.message ? deadEnd.message : own;
}

/** @param {string} key */
function actionText(key) {
  return key === 'globalTransactionExpired' ? 'generalError.startAgainButtonText' : 'defaults.tryAgainButtonText';
}
