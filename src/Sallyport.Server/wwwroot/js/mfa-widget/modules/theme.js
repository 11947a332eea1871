import { onPrimary, parseColour, readable } from './colour.js';

/**
 * Puts the tenant's colour, made readable for each mode, where mfa-widget.css looks for it.
 *
 * @param {HTMLElement} root
 * @param {unknown} colour
 */
export function applyPrimary(root, colour) {
  const rgb = typeof colour === 'string' && colour ? (parseColour(colour) ?? resolve(colour)) : null;
  if (!rgb) {
    return;
  }
  for (const mode of /** @type {const} */ (['light', 'dark'])) {
    root.style.setProperty(`--sp-primary-${mode}`, readable(rgb, mode));
    root.style.setProperty(`--sp-on-primary-${mode}`, onPrimary[mode]);
  }
}

/**
 * Any other way to write a colour is left to the browser, which answers in a form that we read, or not at all.
 *
 * @param {string} colour
 */
function resolve(colour) {
  const canvas = document.createElement('canvas').getContext('2d');
  if (!canvas || !CSS.supports('color', colour)) {
    return null;
  }
  canvas.fillStyle = colour;
  canvas.fillRect(0, 0, 1, 1);
  const [red, green, blue] = canvas.getImageData(0, 0, 1, 1).data;
  return /** @type {import('./colour.js').Rgb} */ ([red, green, blue]);
}
