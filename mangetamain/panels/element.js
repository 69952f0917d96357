/* What all modules of a panel are made with: elements, values, the clipboard. */

/** @typedef {Record<string, string>} Values */
/** @typedef {{name: string, label: string, kind: string, options?: [string, string][], first?: number, last?: number, example?: string, selects?: boolean}} Told */
/** @typedef {{word: string, text: string, name: string, told: string}} Term */
/** @typedef {(like: string) => Promise<Term[]>} Look */
/** @typedef {{title: string, controls: Told[], defaults: Values, labels: Values}} Frame */
/**
 * What a host says: an answer or a part of one, or why there is none. A refusal has `trouble` alone, and can be mended by
 * who asked; else there is `fault`, or `later` where it may be had then, and no use in asking again where it is `absent`.
 * @typedef {{values?: Values, heading?: string, headline?: string, sentence?: string, verdict?: string, word?: string, means?: string, spec?: any, code?: string,
 *   pictures?: Values, html?: string, terms?: Term[], name?: string, kind?: string, text?: string, base64?: string, file?: Blob, trouble?: string, fault?: boolean, absent?: boolean, later?: boolean,
 *   version?: string}} Reply
 */
/** @typedef {{get: (name: string) => any, set: (name: string, value: any) => void, send: (content: any) => void,
 *   on: (event: string, act: (content?: any) => void) => void, off: (event: string, act: (content?: any) => void) => void}} Model */
/** @typedef {{parts: HTMLElement[], read: () => string, write: (text: string) => void}} Field */

/** @type {(one?: Values, other?: Values) => boolean} */
export const same = (one = {}, other = {}) =>
  [...new Set([...Object.keys(one), ...Object.keys(other)])].every((name) => one[name] === other[name]);

/** @type {(values: Values, keep: (name: string, text: string) => boolean) => Values} */
export const picked = (values, keep) => Object.fromEntries(Object.entries(values).filter(([name, text]) => keep(name, text)));

/**
 * Make an element; a function among its attributes hears the event of that name.
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {Record<string, any>} [attributes]
 * @param {(Node | string)[]} children
 * @returns {HTMLElementTagNameMap[T]}
 */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name, value);
    else element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

/** @type {(text: string) => Promise<void>} */
export async function copied(text) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const field = document.body.appendChild(make("textarea", {}, text)); // a page that came without encryption has no clipboard
  field.select();
  document.execCommand("copy");
  field.remove();
}
