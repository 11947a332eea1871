/** @typedef {[red: number, green: number, blue: number]} Rgb */

/** The backgrounds of styles/base.css, on which a tenant's colour must be readable. A test compares the two files. */
export const backgrounds = {
  light: ['#ffffff', '#f3f4f7'],
  dark: ['#191c22', '#0f1115'],
};

/** The colour of text on the tenant's colour. */
export const onPrimary = { light: '#ffffff', dark: '#10121a' };

const minimumContrast = 4.5;
const steps = 64;

/**
 * Darkens (light mode) or lightens (dark mode) a colour until it is readable as text and as a background of text.
 *
 * @param {Rgb} colour
 * @param {'light' | 'dark'} mode
 */
export function readable(colour, mode) {
  /** @type {Rgb} */
  const end = mode === 'light' ? [0, 0, 0] : [255, 255, 255];
  const others = [...backgrounds[mode], onPrimary[mode]].map((hex) => /** @type {Rgb} */ (parseColour(hex)));
  for (let step = 0; step <= steps; step += 1) {
    const candidate = mix(colour, end, step / steps);
    if (others.every((other) => contrast(candidate, other) >= minimumContrast)) {
      return toHex(candidate);
    }
  }
  return toHex(end);
}

/**
 * @param {Rgb} from
 * @param {Rgb} to
 * @param {number} share
 * @returns {Rgb}
 */
function mix(from, to, share) {
  const at = (/** @type {0 | 1 | 2} */ i) => Math.round(from[i] + (to[i] - from[i]) * share);
  return [at(0), at(1), at(2)];
}

/**
 * WCAG 2.2, contrast ratio.
 *
 * @param {Rgb} one
 * @param {Rgb} other
 */
export function contrast(one, other) {
  const [darker, lighter] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (lighter + 0.05) / (darker + 0.05);
}

/**
 * WCAG 2.2, relative luminance.
 *
 * @param {Rgb} colour
 */
function luminance(colour) {
  const [red, green, blue] = colour.map((channel) => {
    const value = channel / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/**
 * Reads `#rgb`, `#rrggbb` (with or without alpha, which is dropped) and `rgb(…)`; null for anything else.
 *
 * @param {string} text
 * @returns {Rgb | null}
 */
export function parseColour(text) {
  const hex = /^#([0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})$/i.exec(text.trim())?.[1];
  if (hex) {
    const full = hex.length < 6 ? [...hex].map((digit) => digit + digit).join('') : hex;
    return [parseInt(full.slice(0, 2), 16), parseInt(full.slice(2, 4), 16), parseInt(full.slice(4, 6), 16)];
  }
  const channels = /^rgba?\(\s*(\d{1,3})[\s,]+(\d{1,3})[\s,]+(\d{1,3})\s*(?:[,/].*)?\)$/i.exec(text.trim());
  return channels ? [byte(channels[1]), byte(channels[2]), byte(channels[3])] : null;
}

/** @param {string} text */
function byte(text) {
  return Math.min(255, Number(text));
}

/** @param {Rgb} colour */
export function toHex(colour) {
  return `#${colour.map((channel) => channel.toString(16).padStart(2, '0')).join('')}`;
}
