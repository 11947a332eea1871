import { onPrimary, parseColour, readable } from './colour.js';

/**
 * Sets the properties in which the styles expect the tenant's colour, adjusted to be readable in each mode.
 *
 * @param {HTMLElement} root
 * @param {unknown} colour
 */
export function applyPrimaryColor(root, colour) {
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
 * Lets the browser convert other notations of a colour. Returns null if it is none.
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
