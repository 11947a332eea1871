/** @typedef {Node | string | null | undefined | false} Child */

/**
 * Creates an element. Functions become event listeners (`onclick`), other properties attributes. Strings become text, never
 * markup.
 *
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {Record<string, unknown>} [properties]
 * @param {...Child} children
 * @returns {HTMLElementTagNameMap[T]}
 */
export function el(tag, properties = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (typeof value === 'function') {
      node.addEventListener(name.slice(2), /** @type {EventListener} */ (value));
    } else if (value !== undefined && value !== null && value !== false) {
      node.setAttribute(name, value === true ? '' : String(value));
    }
  }
  node.append(...present(children));
  return node;
}

/**
 * @param {Child[]} children
 * @returns {(Node | string)[]}
 */
export function present(children) {
  return /** @type {(Node | string)[]} */ (children.filter((child) => child));
}

/**
 * @param {'main' | 'second' | 'text'} kind
 * @param {string} label
 * @param {((event: Event) => void) | null} [onclick]
 * @param {Record<string, unknown>} [properties]
 */
export function button(kind, label, onclick, properties = {}) {
  return el('button', { type: onclick ? 'button' : 'submit', class: `sp-button sp-${kind}`, onclick, ...properties }, label);
}

/**
 * Replaces `{name}` in a text by a node, so that each language can place a link where its grammar needs it.
 *
 * @param {string} template
 * @param {Record<string, Node>} nodes
 * @returns {(Node | string)[]}
 */
export function sentence(template, nodes) {
  return template
    .split(/(\{\w+\})/)
    .filter((part) => part !== '')
    .map((part) => nodes[part.slice(1, -1)] ?? part);
}

let lastId = 0;

/** @param {string} name */
export function uniqueId(name) {
  lastId += 1;
  return `sp-${name}-${lastId}`;
}
