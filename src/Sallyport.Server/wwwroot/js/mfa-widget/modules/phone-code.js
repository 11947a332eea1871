import { sendCode, sentCodeView } from './sent-code.js';

/**
 * A screen that sends a code to the person's phone, by text message or by call, and asks for it.
 *
 * @param {import('./session.js').Session} session
 * @param {AbortSignal} signal
 * @param {object} options
 * @param {string} options.group of the dictionary, which is also the name of the screen
 * @param {string} options.buttonText
 * @param {import('./dom.js').Child[]} [options.extras] shown between the field and the button
 * @param {import('./dom.js').Child[]} options.links
 * @param {() => void} options.accepted
 * @returns {import('./frame.js').View}
 */
export function phoneCodeView(session, signal, options) {
  return sentCodeView(session, signal, {
    ...options,
    factor: 'sms',
    length: session.transaction?.phoneCodeLength ?? 6,
    resend: resendButtons(session, options.group),
    errorKeys: { invalidOtp: 'invalidSmsCode', tooManyCodes: 'tooManyEmailCodes' },
    tooManyKey: 'tooManySms',
    send: (channel) => sendToPhone(session, channel),
    sentText: () => sentText(session),
  });
}

/**
 * Enrolls a number, or corrects it, and has a code sent to it.
 *
 * @param {import('./session.js').Session} session
 * @param {string} number
 */
export async function enrollPhone(session, number) {
  const id = session.transaction?.accountId ?? '';
  const answer = await sendCode(session, 'sms', () => session.api.enrollPhone(id, number));
  session.saveProgress({ phone: { number: String(answer.phone_number ?? ''), channel: channelOf(session, answer) } });
}

/**
 * @param {import('./session.js').Session} session
 * @param {string} [channel] left out for the one that the person prefers
 */
async function sendToPhone(session, channel) {
  const answer = await sendCode(session, 'sms', () => session.api.sendSms(channel));
  session.saveProgress({ phone: { number: session.transaction?.phone?.number ?? '', channel: channelOf(session, answer) } });
}

/**
 * @param {import('./session.js').Session} session
 * @param {Record<string, any>} answer without a channel if no message was sent because the last one still works
 */
function channelOf(session, answer) {
  return String(answer.message_type ?? session.transaction?.phone?.channel ?? 'sms');
}

/** @param {import('./session.js').Session} session */
function sentText({ texts, transaction }) {
  const { number = '', channel = 'sms' } = transaction?.phone ?? {};
  return texts.get(`successMessages.${channel === 'voice' ? 'callMade' : 'smsSent'}`, { phoneNumber: number, ending: number.slice(-4) });
}

/**
 * The buttons that send another code say what they do: again on the channel of the last code, or instead on the other one.
 *
 * @param {import('./session.js').Session} session
 * @param {string} group
 */
function resendButtons(session, group) {
  const channels = session.transaction?.phoneChannels ?? [];
  const t = (/** @type {string} */ key) => session.texts.get(`${group}.${key}`);
  if (channels.length <= 1) {
    return [{ label: () => t(channels[0] === 'voice' ? 'callAgainAction' : 'resendAction') }];
  }
  return ['sms', 'voice'].map((channel) => ({
    channel,
    label: () => t(resendKey(channel, session.transaction?.phone?.channel ?? 'sms')),
  }));
}

/**
 * @param {string} channel on which the button sends
 * @param {string} last the channel of the last code
 */
export function resendKey(channel, last) {
  if (channel === 'voice') {
    return last === 'voice' ? 'callAgainAction' : 'callAction';
  }
  return last === 'voice' ? 'textAction' : 'resendAction';
}
