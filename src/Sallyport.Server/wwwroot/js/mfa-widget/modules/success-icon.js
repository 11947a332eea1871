const svg = 'http://www.w3.org/2000/svg';

/** A check mark in a circle. */
export function successIcon() {
  const icon = document.createElementNS(svg, 'svg');
  icon.setAttribute('class', 'sp-mark');
  icon.setAttribute('viewBox', '0 0 48 48');
  icon.setAttribute('aria-hidden', 'true');
  const circle = document.createElementNS(svg, 'circle');
  circle.setAttribute('cx', '24');
  circle.setAttribute('cy', '24');
  circle.setAttribute('r', '22.5');
  const path = document.createElementNS(svg, 'path');
  path.setAttribute('d', 'M15 24.5l6.5 6.5L33.5 18');
  icon.append(circle, path);
  return icon;
}
