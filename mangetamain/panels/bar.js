/* The bar of a page: its years and recipes for all panels at once, its contents, and the way back to the page as it was. */
import { NAMES } from "./address.js";
import { make, same } from "./element.js";
import { control, years } from "./fields.js";
import { menu } from "./files.js";

/** @import { Field, Frame, Look, Values } from "./element.js" */

/**
 * Make the bar live, in the place that the page left for it.
 * @param {HTMLElement} place
 * @param {{look: Look, move: (values: Values) => void, reset: () => void}} acts
 */
export function bar(place, { look, move, reset }) {
  /** @type {Record<string, Field>} */ const fields = {};
  /** @type {Values} */ let shown = {}, /** @type {Values} */ labels = {};
  const links = make("nav"), contents = menu(links), controls = make("div", { class: "mm-controls", id: "mm-bar-controls" });
  const said = make("span"), fold = make("button", { type: "button", class: "mm-button mm-fold", "aria-expanded": "false", "aria-controls": controls.id,
    click: () => toggle() }, said);
  const unfold = (/** @type {boolean} */ open) => fold.setAttribute("aria-expanded", String(place.toggleAttribute("data-open", open)));
  // On a phone it is too high to stay in sight while it is open: it goes with the page from where it stood, and folds once it is gone.
  const toggle = () => {
    const { top } = place.getBoundingClientRect();
    place.style.setProperty("--from", "0px");
    unfold(!place.hasAttribute("data-open"));
    place.style.setProperty("--from", `${top - place.getBoundingClientRect().top}px`);
  };
  new IntersectionObserver(([{ isIntersecting }]) => {
    if (isIntersecting || !place.hasAttribute("data-open")) return;
    const below = () => place.nextElementSibling?.getBoundingClientRect().top ?? 0, before = below();
    unfold(false);
    scrollBy({ top: below() - before, behavior: "instant" }); // what is read stays where it is, anchored by the browser or not
  }).observe(place);
  const back = make("button", { type: "button", class: "mm-button mm-back", disabled: "", click: () => { shown = {}; reset(); } }), trouble = make("p", { role: "alert", hidden: "" });
  const read = () => Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, field.read()]));
  contents.list.addEventListener("click", () => contents.list.hidePopover());
  controls.addEventListener("change", () => { if (!same(read(), shown)) move(read()); });
  place.replaceChildren(contents.opener, contents.list, fold, controls, back, trouble);

  const self = {
    /** Write it in the language of a frame. */
    speak(/** @type {Frame} */ frame) {
      labels = frame.labels;
      place.setAttribute("aria-label", labels.bar);
      links.setAttribute("aria-label", labels.contents);
      contents.opener.textContent = labels.contents;
      back.textContent = labels.reset;
      controls.replaceChildren(...frame.controls.filter(({ name }) => NAMES.includes(name)).map((told) => {
        const { field, whole } = control(told, `mm-bar-${told.name}`, labels, look);
        fields[told.name] = field;
        return whole;
      }));
      links.replaceChildren(...[...document.querySelectorAll("main h2[id]")].filter((heading) => heading.checkVisibility())
        .map((heading) => make("a", { href: `#${heading.id}` }, heading.firstChild?.textContent ?? "")));
      contents.opener.hidden = !links.childElementCount;
      const kept = shown;
      shown = {};
      self.show(kept, back.disabled);
    },
    /** Show the page's values, and whether there is anything to go back from. */
    show(/** @type {Values} */ values, /** @type {boolean} */ first) {
      back.disabled = first;
      if (same(values, shown)) return; // what is being typed stays
      shown = values;
      for (const [name, text] of Object.entries(values)) fields[name].write(text);
      said.replaceChildren(values.among || labels.every, ...(values.years ? [", ", make("span", {}, years(values.years))] : []));
      self.tell();
    },
    tell(text = "") {
      trouble.textContent = text;
      trouble.hidden = !text;
    },
  };
  return self;
}
