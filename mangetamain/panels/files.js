/* What is taken away from a panel: files, links, code. */
import { make } from "./element.js";

/** @import { Reply } from "./element.js" */

/**
 * A button with a menu: a popover, which the platform closes by Escape and by whatever is done outside of it.
 * @param {HTMLElement[]} items
 */
export function menu(...items) {
  const list = make("div", { class: "mm-menu", popover: "" }, ...items), opener = make("button", { type: "button", class: "mm-button mm-opens" });
  opener.popoverTargetElement = list;
  return { opener, list };
}

/** @type {(reply: Reply) => Blob} */
export function filed({ file, text, base64 = "", kind }) {
  return file ?? new Blob([text ?? Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))], { type: kind });
}

/** @type {(file: Blob, name: string) => void} */
export function save(file, name) {
  const href = URL.createObjectURL(file);
  make("a", { href, download: name }).click();
  setTimeout(URL.revokeObjectURL, 1000, href);
}

/**
 * Draw a picture as PNG, at twice its size for sharp screens.
 * @param {Blob} svg
 * @returns {Promise<Blob>}
 */
export async function png(svg) {
  const image = new Image(), src = URL.createObjectURL(svg);
  image.src = src;
  await image.decode();
  const canvas = make("canvas", { width: 2 * image.naturalWidth, height: 2 * image.naturalHeight });
  canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
  URL.revokeObjectURL(src);
  return new Promise((done, failed) => { canvas.toBlob((made) => (made ? done(made) : failed()), "image/png"); });
}

/** @type {(link: string, picture: string, said: string) => string} */
export function embedded(link, picture, said) {
  const attribute = (/** @type {string} */ name, /** @type {string} */ text) =>
    `${name}="${text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;")}"`;
  return `<a ${attribute("href", link)}><img ${attribute("src", picture)} ${attribute("alt", said)}></a>`;
}
