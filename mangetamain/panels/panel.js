/* One panel: controls, sentence, figure, table and method, whoever answers its questions.

   It knows its host through anywidget's `model` alone, and asks by messages. What it shows, or is about to show, is the
   model's `given`, which a page may set. A figure is the reply's pictures until plotly is there. */

/** @typedef {Record<string, string>} Values */
/** @typedef {{name: string, label: string, kind: string, options?: [string, string][], first?: number, last?: number, example?: string}} Told */
/** @typedef {{title: string, controls: Told[], defaults: Values, labels: Values}} Frame */
/**
 * What a host says: an answer or a part of one, or why there is none. A refusal has `trouble` alone, and can be mended by
 * who asked; else there is `fault`, or `later` where it may be had then, and no use in asking again where it is `absent`.
 * @typedef {{values?: Values, heading?: string, headline?: string, sentence?: string, verdict?: string, word?: string, means?: string, spec?: any, code?: string,
 *   pictures?: Values, html?: string, csv?: string, name?: string, trouble?: string, fault?: boolean, absent?: boolean, later?: boolean,
 *   version?: string}} Reply
 */
/** @typedef {{get: (name: string) => any, set: (name: string, value: any) => void, send: (content: any) => void,
 *   on: (event: string, act: (content?: any) => void) => void, off: (event: string, act: (content?: any) => void) => void}} Model */
/** @typedef {{parts: HTMLElement[], read: () => string, write: (text: string) => void}} Field */

// Milliseconds until an answer counts as lost, whichever host was to give it.
const PATIENCE = 30_000;
// And from an answer to asking for its table, which paper shows.
const REST = 2_000;
let asked = 0;

/** @type {(one?: Values, other?: Values) => boolean} */
export const same = (one = {}, other = {}) =>
  [...new Set([...Object.keys(one), ...Object.keys(other)])].every((name) => one[name] === other[name]);

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

/**
 * The controls that stand before the figure, and the others.
 * @param {Told[]} controls
 * @returns {[Told[], Told[]]}
 */
export function sorted(controls) {
  const first = controls.find(({ kind }) => kind === "choice");
  const before = controls.filter((told) => told === first || told.name === "among");
  return [before, controls.filter((told) => !before.includes(told))];
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

/** @type {Record<string, (told: Told, id: string, labels: Values) => Field>} */
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
  words({ label, example = "" }, id) {
    // JupyterLab leaves nothing of Enter but the key.
    const enter = (/** @type {any} */ { key }) => key === "Enter" && field.dispatchEvent(new Event("change", { bubbles: true }));
    const plain = { autocomplete: "off", autocapitalize: "off", spellcheck: "false" };
    const field = make("input", { id, type: "text", placeholder: example, ...plain, keydown: enter });
    return { parts: [make("label", { for: id }, label), field], read: () => field.value, write: (text) => { field.value = text; } };
  },
  span({ label, first = 0, last = 1 }, id, labels) {
    const handle = (/** @type {string} */ end) => make("input", { id: `${id}-${end}`, type: "range", min: first, max: last, "aria-label": `${label}: ${labels[end]}` });
    const ends = [handle("first"), handle("last")], [low, high] = ends, said = make("span", { class: "mm-said" });
    const track = make("div", { class: "mm-track" }, low, high);
    const share = (/** @type {HTMLInputElement} */ end) => `${(100 * (end.valueAsNumber - first)) / (last - first || 1)}%`;
    const tell = () => {
      said.textContent = ends[0].value === ends[1].value ? low.value : `${low.value}–${high.value}`;
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

/** The address of the script that draws: a page of ours says it, elsewhere Jupyter serves it. */
function scripts() {
  const config = JSON.parse(document.getElementById("jupyter-config-data")?.textContent ?? "{}");
  const root = (config.baseUrl ?? "/").replace(/\/?$/, "/");
  const voila = document.body.dataset.voila !== undefined;
  return document.documentElement.dataset.draw ?? `${root}${voila ? "voila/labextensions" : "lab/extensions"}/mangetamain/static/draw.js`;
}

/** @type {() => Promise<any>} */
async function drawing() {
  const shared = /** @type {any} */ (window);
  shared.mangetamainLoading ??= new Promise((done, failed) => {
    if (shared.mangetamain?.draw) done(undefined);
    else document.head.append(Object.assign(document.createElement("script"), { src: scripts(), onload: done, onerror: failed }));
  });
  try {
    await shared.mangetamainLoading;
    await shared.mangetamain.plotly();
    return shared.mangetamain.draw;
  } catch {
    shared.mangetamainLoading = undefined; // there may be a line again when a hand comes near
  }
}

/**
 * A figure: the reply's pictures at once, the living one in their place when the page rests or a hand comes near.
 * @param {HTMLElement} place
 * @param {HTMLElement} panel
 */
function figured(place, panel) {
  const host = make("div", { class: "mm-drawn" });
  /** @type {any} */ let draw;
  /** @type {any[]} */ let latest = [];
  let stop = () => {}, taking = false;
  const take = async () => {
    if (taking || !place.isConnected) return;
    taking = true;
    draw = await drawing();
    taking = Boolean(draw);
    if (draw) paint();
  };
  const paint = () => {
    if (!latest.length) return; // what was refused at once has no figure
    if (!host.isConnected) place.append(host);
    stop = draw(host, ...latest);
  };
  host.addEventListener("mangetamain:drawn", () => place.replaceChildren(host), { once: true });
  const rest = window.requestIdleCallback ?? ((/** @type {() => void} */ act) => setTimeout(act, 200));
  const sight = new IntersectionObserver((seen) => {
    if (!seen.some((each) => each.isIntersecting)) return;
    sight.disconnect();
    if (document.readyState === "complete") rest(take);
    else addEventListener("load", () => rest(take), { once: true });
  }, { rootMargin: "50%" });
  sight.observe(place);
  for (const hand of ["pointerenter", "focusin"]) panel.addEventListener(hand, take);
  return {
    /** @type {(reply: Reply, lang: string) => void} */
    show(reply, lang) {
      const first = latest.length === 0;
      latest = [reply.spec, { lang, alt: reply.sentence }];
      // The first answer's pictures may stand there already, and a copy of the site has none of the others.
      if (place.firstElementChild !== host && (reply.pictures || !first)) {
        const pictures = Object.entries(reply.pictures ?? {}).map(([name, picture]) => {
          const holder = make("div", { class: `mm-${name}` });
          holder.innerHTML = picture;
          return holder;
        });
        place.replaceChildren(...pictures, ...(host.isConnected ? [host] : []));
        if (!pictures.length) take();
      }
      if (draw) paint();
    },
    end() { sight.disconnect(); stop(); },
  };
}

/** @type {(text: string) => Promise<void>} */
async function copied(text) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const field = document.body.appendChild(make("textarea", {}, text)); // a page that came without encryption has no clipboard
  field.select();
  document.execCommand("copy");
  field.remove();
}

/**
 * Show a panel, and take over what the server wrote of it.
 * @param {{model: Model, el: HTMLElement}} place
 */
function render({ model, el }) {
  el.classList.add("mm-panel", `mm-key-${model.get("key")}`);
  el.dataset.live = "";
  // What has the focus says so, or JupyterLab takes the keys of a list or a slider for its own.
  el.addEventListener("focusin", ({ target }) => { if (target instanceof HTMLElement) target.dataset.lmSuppressShortcuts = "true"; });
  const serial = `mm-${model.get("key")}-${Math.random().toString(36).slice(2)}`;
  /** @type {<T extends keyof HTMLElementTagNameMap>(name: string, tag: T, attributes?: Record<string, string>) => HTMLElement} */
  const part = (name, tag, attributes = {}) => {
    const element = /** @type {HTMLElement} */ (el.querySelector(`:scope > .mm-${name}`)) ?? make(tag, { class: `mm-${name}` });
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    return element;
  };
  const heading = part("heading", "h3"), plain = part("plain", "p", { "aria-live": "polite" });
  const sentence = part("sentence", "p"), place = part("figure", "div");
  const means = make("p", { class: "mm-means mm-note", id: `${serial}-means`, hidden: "" });
  const status = make("p", { class: "mm-status", role: "status" });
  const before = make("div", { class: "mm-controls" }), others = make("div", { class: "mm-controls" });
  const more = make("details", { class: "mm-more" }, make("summary"), others);
  const foot = make("div", { class: "mm-foot" });
  // The table for paper, which opens nothing: of the first answer it came with the page.
  const paper = make("div");
  let rest = 0, table = el.querySelector(":scope > noscript")?.textContent ?? "";
  const print = () => { paper.innerHTML = table; el.append(paper); }, printed = () => paper.remove();
  const notes = [...el.querySelectorAll(":scope > .mm-card")], card = make("div", { class: "mm-card", role: "alert", hidden: "" });
  el.replaceChildren(heading, before, more, ...notes, card, plain, make("div", { class: "mm-stage" }, place, status), sentence, means, foot);
  const figure = figured(place, el);

  /** @type {Record<string, Field>} */ let fields = {};
  /** @type {Reply | undefined} */ let shown;
  /** @type {{given: Values} | undefined} */ let awaited; // the one question whose answer counts
  /** @type {Map<number, (reply: Reply) => void>} */ const waiting = new Map();
  const frame = () => /** @type {Frame} */ (model.get("frames")[model.get("lang")]), labels = () => frame().labels;
  const read = () => Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, field.read()]));
  const write = (/** @type {Values} */ values) => Object.entries(values).forEach(([name, text]) => fields[name]?.write(text));

  /** @type {(given: Values, part: string, done: (reply: Reply) => void) => void} */
  const ask = (given, part, done) => {
    const id = (asked += 1);
    const end = (/** @type {Reply} */ reply) => { clearTimeout(timer); waiting.delete(id); done(reply); };
    const timer = setTimeout(end, PATIENCE, { fault: true });
    waiting.set(id, end);
    model.send({ id, given, lang: model.get("lang"), part });
  };
  const heard = (/** @type {Reply & {id: number}} */ content) => waiting.get(content.id)?.(content);

  /** @type {(text?: string, stale?: boolean) => void} */
  const mark = (text = "", stale = false) => {
    status.textContent = text;
    el.toggleAttribute("data-stale", stale);
    el.setAttribute("aria-busy", String(awaited !== undefined));
  };
  /** @type {(text?: string, again?: Values) => void} */
  const tell = (text = "", again = undefined) => {
    notes.splice(0).forEach((note) => note.remove());
    // Of what was refused at once, there is nothing to read on or to take away.
    foot.hidden = Boolean(text) && !shown;
    if (foot.hidden) sentence.replaceChildren();
    card.hidden = !text;
    card.replaceChildren(make("p", {}, worded(text, frame())));
    if (again) card.append(make("button", { type: "button", class: "mm-button", click: () => follow(again) }, labels().again));
  };

  /** Ask for what is given, and show what comes, unless something newer was asked meanwhile. */
  const follow = (/** @type {Values} */ given) => {
    const mine = (awaited = { given });
    model.set("given", given);
    write(given);
    mark(labels().pending, true);
    ask(given, "answer", (reply) => {
      if (awaited !== mine) return;
      awaited = undefined;
      if (reply.values) return show(reply);
      // What was refused stays in its field to be mended; what could not be had is taken back.
      const refused = reply.trouble && !reply.fault && !reply.later;
      model.set("given", shown?.values ?? given);
      if (!refused && shown?.values) write(shown.values);
      mark(refused && shown ? labels().before : "", Boolean(refused && shown));
      tell(reply.trouble ?? labels().failed, refused || reply.absent ? undefined : given);
    });
  };

  const show = (/** @type {Reply} */ reply) => {
    shown = reply;
    model.set("given", reply.values);
    write(reply.values ?? {});
    mark();
    tell();
    means.textContent = reply.means ?? "";
    means.hidden = true;
    heading.textContent = reply.heading ?? heading.textContent;
    plain.textContent = reply.headline ?? "";
    sentence.replaceChildren(reply.sentence ?? "");
    if (reply.verdict) sentence.append(" ", badge(reply.verdict, reply.word ?? ""));
    figure.show(reply, model.get("lang"));
    details.forEach(({ fill }) => fill());
    clearTimeout(rest);
    if (reply === model.get("reply")) return;
    table = "";
    rest = setTimeout(() => ask(reply.values ?? {}, "table", ({ html = "" }) => { if (shown === reply) table = html; }), REST);
  };

  /** @type {(verdict: string, word: string) => HTMLElement} */
  const badge = (verdict, word) => {
    const button = make("button", { type: "button", class: "mm-verdict", "data-verdict": verdict, "aria-expanded": "false", "aria-controls": means.id,
      click: () => button.setAttribute("aria-expanded", String(!(means.hidden = !means.hidden))) }, word);
    return button;
  };

  /** A part of the answer that is fetched when it is opened, and again when the answer is another. */
  const detail = (/** @type {string} */ name) => {
    const summary = make("summary"), body = make("div", { class: "mm-part" });
    const fill = () => {
      if (!whole.open || !shown?.values) return body.replaceChildren();
      const mine = shown;
      body.setAttribute("aria-busy", "true");
      ask(shown.values, name, (reply) => {
        if (mine !== shown) return;
        body.removeAttribute("aria-busy");
        if (reply.html) body.innerHTML = reply.html;
        else body.textContent = reply.trouble ?? labels().lost;
      });
    };
    const whole = make("details", { class: "mm-details", toggle: fill }, summary, body);
    return { name, summary, whole, fill };
  };
  const details = [detail("table"), detail("method")];

  const save = () => shown?.values && ask(shown.values, "csv", ({ csv, name = "", trouble }) => {
    if (csv === undefined) return tell(trouble ?? labels().lost);
    const href = URL.createObjectURL(new Blob([csv], { type: "text/csv" }));
    make("a", { href, download: name }).click();
    setTimeout(URL.revokeObjectURL, 1000, href);
  });
  /** @type {(name: string, act: (button: HTMLElement) => unknown) => HTMLButtonElement} */
  const button = (name, act) => make("button", { type: "button", class: "mm-button", "data-act": name, click: (/** @type {any} */ event) => act(event.currentTarget) });
  /** @type {(name: string, text: () => string) => HTMLButtonElement} */
  const copier = (name, text) => button(name, async (pressed) => {
    await copied(text());
    pressed.textContent = labels().copied;
    setTimeout(() => { pressed.textContent = labels()[name]; }, 2000);
  });
  const buttons = [button("csv", save), copier("code", () => shown?.code ?? "")];
  if (model.get("link")) buttons.push(copier("link", model.get("link")));
  foot.append(...details.map(({ whole }) => whole), ...buttons);

  /** Write everything that is the same for every answer, in the language now spoken; what stands in fields stays. */
  const speak = () => {
    const { controls, title } = frame(), kept = read(), [first, rest] = sorted(controls);
    const hold = (/** @type {Told} */ told) => {
      const field = (fields[told.name] = FIELDS[told.kind](told, `${serial}-${told.name}`, labels()));
      return make("div", { class: `mm-control mm-${told.kind}`, ...(told.kind === "span" ? { role: "group", "aria-label": told.label } : {}) }, ...field.parts);
    };
    fields = Object.fromEntries(controls.map(({ name }) => [name, /** @type {any} */ (undefined)]));
    before.replaceChildren(...first.map(hold));
    others.replaceChildren(...rest.map(hold));
    write(kept);
    if (!shown) heading.textContent = title;
    more.hidden = !rest.length;
    if (more.firstElementChild) more.firstElementChild.textContent = labels().more;
    for (const { name, summary } of details) summary.textContent = labels()[name];
    for (const each of buttons) each.textContent = labels()[each.dataset.act ?? ""];
  };
  const changed = () => { if (!same(model.get("given"), awaited?.given ?? shown?.values)) follow(model.get("given")); };
  const turned = () => { speak(); follow(awaited?.given ?? shown?.values ?? model.get("given")); };

  speak();
  for (const each of [before, others]) each.addEventListener("change", () => { if (!same(read(), awaited?.given)) follow(read()); });
  addEventListener("beforeprint", print);
  addEventListener("afterprint", printed);
  model.on("msg:custom", heard);
  model.on("change:given", changed);
  model.on("change:lang", turned);
  /** @type {Reply | null} */ const first = model.get("reply");
  const given = model.get("given") ?? first?.values ?? model.get("base");
  write(given);
  if (first?.values && same(first.values, given)) show(first);
  else if (first?.trouble) { mark(); tell(first.trouble, first.fault || first.later ? given : undefined); }
  else follow(given);
  return () => {
    model.off("msg:custom", heard);
    model.off("change:given", changed);
    model.off("change:lang", turned);
    removeEventListener("beforeprint", print);
    removeEventListener("afterprint", printed);
    clearTimeout(rest);
    waiting.clear();
    awaited = shown = undefined; // so that nothing more is done with what was asked
    figure.end();
  };
}

export default { render };
