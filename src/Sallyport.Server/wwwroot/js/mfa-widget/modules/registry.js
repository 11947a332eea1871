import * as registered from './screens/index.js';

/**
 * A screen of the widget. It is registered in `screens/index.js` under the name that is also the `data-screen` of its
 * element and its group in the dictionary.
 *
 * @typedef {object} Screen
 * @property {(session: import('./session.js').Session, signal: AbortSignal, details?: any) => import('./frame.js').View} render
 *   builds the screen; `signal` aborts when the screen is left
 * @property {string} [factor] the factor that the screen belongs to, by the server's name for it
 * @property {'enroll' | 'authenticate'} [entry] set on the screen with which an enrollment or a sign-in with the factor begins
 * @property {string} [beside] set on a screen that takes the place of the usual one while the person also has this factor
 * @property {string} [group] its group in the dictionary and its `data-screen`, if they are not its name: two factors may share them
 * @property {string} [linkText] the text of links to it, if it is not `linkText` of its group
 * @property {string} [link] the dictionary key, in the groups of other screens, of the link to this screen
 * @property {number} [step] which step of the factor's enrollment this is
 * @property {boolean} [lastStep] set on the screen that follows the enrollment of any factor
 */

/** @type {Record<string, Screen>} */
export const screens = registered;

/**
 * Returns the first screens of the methods that the server offers, in its order. Methods without screens are left out.
 *
 * @param {string[]} methods
 * @param {'enroll' | 'authenticate'} entry
 */
export function entryScreens(methods, entry) {
  return methods.flatMap((method) => {
    const names = Object.keys(screens).filter((name) => screens[name].factor === method && screens[name].entry === entry);
    const special = names.filter((name) => methods.includes(screens[name].beside ?? ''));
    return special.length > 0 ? special : names.filter((name) => !screens[name].beside);
  });
}

/**
 * Returns the text of a link from one screen to another: the text that the dictionary has for this pair, or the one that
 * the linked screen has for any.
 *
 * @param {import('./dictionary.js').Texts} texts
 * @param {string} from
 * @param {string} to
 */
export function linkText(texts, from, to) {
  return texts.find(`${groupOf(from)}.${screens[to].link}`) ?? texts.get(screens[to].linkText ?? `${groupOf(to)}.linkText`);
}

/** @param {string} name */
export function groupOf(name) {
  return screens[name]?.group ?? name;
}

/**
 * @param {string} name
 * @param {string} factor that is being enrolled; empty if it is not known
 * @param {boolean} hasLastStep whether a recovery code follows
 * @returns {{ step: number, steps: number } | null} null for a screen that is not a step, or if the steps are not known
 */
export function stepOf(name, factor, hasLastStep) {
  const { step, lastStep } = screens[name];
  if (!step && !lastStep) {
    return null;
  }
  const ofFactor = Object.values(screens).filter((screen) => screen.factor === factor);
  if (ofFactor.length === 0) {
    // After a reload on the last step the widget no longer knows the factor.
    return null;
  }
  const steps = Math.max(...ofFactor.map((screen) => screen.step ?? 0)) + (hasLastStep ? 1 : 0);
  return { step: step ?? steps, steps };
}
