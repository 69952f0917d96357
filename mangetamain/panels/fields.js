/* The fields of a panel, each of which shows one parameter as text and reads it back. */
import { make } from "./element.js";
import { suggesting } from "./suggest.js";

/** @import { Field, Frame, Look, Told, Values } from "./element.js" */

/**
 * The controls that stand before the figure, and the others.
 * @param {Told[]} controls
 * @param {string[]} before Which a page names; elsewhere the first list, and the recipes.
 * @returns {[Told[], Told[]]}
 */
export function sorted(controls, before = [controls.find(({ kind }) => kind === "choice")?.name ?? "", "among"]) {
  const first = (/** @type {Told} */ { name }) => before.includes(name);
  return [controls.filter(first), controls.filter((told) => !first(told))];
}

/**
 * A refusal in the words of the controls, for it names parameters as an address does, which a reader may never have seen.
 * @param {string} text
 * @param {Pick<Frame, "controls" | "labels">} frame
 */
export function worded(text, { controls, labels }) {
  const names = controls.map(({ name }) => name).join("|"), told = (/** @type {string} */ name) => controls.find((each) => each.name === name);
  const named = (/** @type {string} */ name) => labels.named.replace("{label}", told(name)?.label ?? name);
  return text.replace(RegExp(`^(${names})(?=[ :])`), named).replace(RegExp(`\\b(${names})=([\\w-]+)`, "g"), (_, name, value) =>
    `${named(name)} ${told(name)?.options?.find(([key]) => key === value)?.[1] ?? value}`);
}

/** @type {(text: string) => string} */
export function years(text) {
  const [first, last = first] = text.split("-");
  return first === last ? first : `${first}–${last}`;
}

/** @type {Record<string, (told: Told, id: string, labels: Values, look: Look) => Field>} */
const FIELDS = {
  choice({ label, options = [] }, id) {
    const field = make("select", { id }, ...options.map(([value, text]) => make("option", { value }, text)));
    return { parts: [make("label", { for: id }, label), field], read: () => field.value, write: (text) => { field.value = text; } };
  },
  switch({ label }, id) {
    const field = make("input", { id, type: "checkbox" });
    return { parts: [field, make("label", { for: id }, label)], read: () => (field.checked ? "yes" : "no"),
      write: (text) => { field.checked = text === "yes"; } };
  },
  words({ label, example = "", selects }, id, labels, look) {
    // JupyterLab leaves nothing of Enter but the key.
    const enter = (/** @type {any} */ { key }) => key === "Enter" && field.dispatchEvent(new Event("change", { bubbles: true }));
    const plain = { autocomplete: "off", autocapitalize: "off", spellcheck: "false" };
    const field = make("input", { id, type: "text", placeholder: example, ...plain });
    const list = suggesting(field, labels.offers, ({ text, word }) => (selects ? text : word), look);
    field.addEventListener("keydown", enter);
    return { parts: [make("label", { for: id }, label), field, list], read: () => field.value, write: (text) => { field.value = text; } };
  },
  span({ label, first = 0, last = 1 }, id, labels) {
    const handle = (/** @type {string} */ end) => make("input", { id: `${id}-${end}`, type: "range", min: first, max: last, "aria-label": `${label}: ${labels[end]}` });
    const [low, high] = [handle("first"), handle("last")], said = make("span", { class: "mm-said" });
    const track = make("div", { class: "mm-track" }, low, high);
    const share = (/** @type {HTMLInputElement} */ end) => `${(100 * (end.valueAsNumber - first)) / (last - first || 1)}%`;
    const tell = () => {
      said.textContent = years(`${low.value}-${high.value}`);
      track.style.setProperty("--low", share(low));
      track.style.setProperty("--high", share(high));
      // Where both stand at the far end, the one that can move lies above.
      low.style.zIndex = low.valueAsNumber > (first + last) / 2 ? "2" : "";
    };
    low.addEventListener("input", () => { if (low.valueAsNumber > high.valueAsNumber) low.value = high.value; tell(); });
    high.addEventListener("input", () => { if (high.valueAsNumber < low.valueAsNumber) high.value = low.value; tell(); });
    return {
      parts: [make("span", { class: "mm-label" }, label), said, track], read: () => `${low.value}-${high.value}`,
      write: (text) => { const [from, to = from] = text.split("-"); low.value = from; high.value = to; tell(); },
    };
  },
};

/**
 * A field with its label, as it stands in a row of controls.
 * @param {Told} told
 * @param {string} id
 * @param {Values} labels
 * @param {Look} look
 */
export function control(told, id, labels, look) {
  const field = FIELDS[told.kind](told, id, labels, look), group = told.kind === "span" ? { role: "group", "aria-label": told.label } : {};
  return { field, whole: make("div", { class: `mm-control mm-${told.kind}`, ...group }, ...field.parts) };
}
