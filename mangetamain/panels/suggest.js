/* What a field of words offers while a reader types: terms like the word under the caret, to be taken by key or by hand. */
import { make } from "./element.js";

/** @import { Look, Term } from "./element.js" */

// Milliseconds without a key until terms are asked for.
const REST = 120;

/**
 * The word under the caret of a list: where it begins, a "not" before it left out, where it ends, and what of it is typed.
 * @param {string} text
 * @param {number} caret
 */
export function under(text, caret) {
  const start = text.slice(0, caret).lastIndexOf(",") + 1, comma = text.indexOf(",", caret), end = comma < 0 ? text.length : comma;
  const lead = /^\s*(not\s+)?/i.exec(text.slice(start, caret)) ?? [""], from = start + lead[0].length;
  return { from, end, like: text.slice(from, caret).replace(/^(tag|ingredient):\s*/i, "") };
}

/**
 * Make a field a combobox; return the list of what it offers, which stands beside it.
 * @param {HTMLInputElement} field
 * @param {string} name What the list is called.
 * @param {(term: Term) => string} written
 * @param {Look} look
 */
export function suggesting(field, name, written, look) {
  const list = make("ul", { id: `${field.id}-terms`, class: "mm-terms", role: "listbox", "aria-label": name, hidden: "" });
  const told = { role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id };
  for (const [key, value] of Object.entries(told)) field.setAttribute(key, value);
  /** @type {Term[]} */ let terms = [];
  let at = -1, newest = 0, timer = 0;

  const point = (/** @type {number} */ to) => {
    at = to;
    [...list.children].forEach((option, i) => option.setAttribute("aria-selected", String(i === at)));
    if (at < 0) field.removeAttribute("aria-activedescendant");
    else field.setAttribute("aria-activedescendant", list.children[at].id);
  };
  const open = (/** @type {Term[]} */ found) => {
    clearTimeout(timer);
    newest += 1; // what is on its way comes too late
    terms = found;
    list.replaceChildren(...terms.map(({ name: said, told: of }, i) =>
      make("li", { id: `${list.id}-${i}`, role: "option", click: () => take(terms[i]) }, make("b", {}, said), " ", make("span", { class: "mm-note" }, of))));
    list.hidden = !terms.length;
    field.setAttribute("aria-expanded", String(!list.hidden));
    point(-1);
  };
  const take = (/** @type {Term} */ term) => {
    const { from, end } = under(field.value, field.selectionStart ?? field.value.length), text = written(term);
    field.setRangeText(text, from, end, "end");
    open([]);
    if (!/[<>=]$/.test(text)) field.dispatchEvent(new Event("change", { bubbles: true })); // a measure waits for its number
  };
  const offer = async () => {
    const mine = (newest += 1), found = await look(under(field.value, field.selectionStart ?? field.value.length).like);
    if (mine === newest && field.matches(":focus")) open(found);
  };

  field.addEventListener("input", () => { clearTimeout(timer); timer = window.setTimeout(offer, REST); });
  field.addEventListener("blur", () => open([]));
  list.addEventListener("pointerdown", (event) => event.preventDefault()); // the field keeps the focus
  field.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && list.hidden) offer();
    else if (step) point((at + step + terms.length + (at < 0 && step < 0 ? 1 : 0)) % terms.length);
    else if (event.key === "Enter" && at >= 0) take(terms[at]);
    else if (event.key === "Escape" && !list.hidden) open([]);
    else {
      if (event.key === "Enter") open([]);
      return;
    }
    event.preventDefault();
    event.stopImmediatePropagation();
  });
  return list;
}
