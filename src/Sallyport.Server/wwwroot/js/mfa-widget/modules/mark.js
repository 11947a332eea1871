const svg = 'http://www.w3.org/2000/svg';

/** A tick in a circle: it worked. */
export function okMark() {
  const picture = document.createElementNS(svg, 'svg');
  picture.setAttribute('class', 'sp-mark');
  picture.setAttribute('viewBox', '0 0 48 48');
  picture.setAttribute('aria-hidden', 'true');
  const circle = document.createElementNS(svg, 'circle');
  circle.setAttribute('cx', '24');
  circle.setAttribute('cy', '24');
  circle.setAttribute('r', '22.5');
  const path = document.createElementNS(svg, 'path');
  path.setAttribute('d', 'M15 24.5l6.5 6.5L33.5 18');
  picture.append(circle, path);
  return picture;
}
