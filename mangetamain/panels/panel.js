/* One panel: controls, sentence, figure, table and method, whoever answers its questions.

   It knows its host through anywidget's `model` alone, and asks by messages. What it shows, or is about to show, is the
   model's `given`, which a page may set; what a page has for all its panels is the model's `page`. */
import { copied, make, same } from "./element.js";
import { control, sorted, worded, years } from "./fields.js";
import { figured } from "./figure.js";
import { embedded, filed, menu, png, save } from "./files.js";

/** @import { Field, Frame, Model, Reply, Told, Values } from "./element.js" */

// Milliseconds until an answer counts as lost, whichever host was to give it.
const PATIENCE = 30_000;
// And from an answer to asking for its table, which paper shows.
const TABLE_AFTER = 2_000;
let asked = 0;

/**
 * Show a panel, and take over what the server wrote of it.
 * @param {{model: Model, el: HTMLElement}} place
 */
export function render({ model, el }) {
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
  const more = make("details", { class: "mm-more" }, make("summary"), others), own = make("p", { class: "mm-own mm-note", hidden: "" });
  const foot = make("div", { class: "mm-foot" });
  // The table for paper, which opens nothing: of the first answer it came with the page.
  const paper = make("div");
  let rest = 0, table = el.querySelector(":scope > noscript")?.textContent ?? "";
  const notes = [...el.querySelectorAll(":scope > .mm-card")], card = make("div", { class: "mm-card", role: "alert", hidden: "" });
  el.replaceChildren(heading, before, make("div", { class: "mm-options" }, more, own), ...notes, card, plain, make("div", { class: "mm-stage" }, place, status), sentence, means, foot);
  const figure = figured(place, el);

  /** @type {Record<string, Field>} */ let fields = {};
  /** @type {Reply | undefined} */ let shown;
  /** @type {{given: Values} | undefined} */ let awaited; // the one question whose answer counts
  /** @type {Map<number, (reply: Reply) => void>} */ const waiting = new Map();
  const frame = () => /** @type {Frame} */ (model.get("frames")[model.get("lang")]), labels = () => frame().labels;
  const read = () => Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, field.read()]));
  const write = (/** @type {Values} */ values) => Object.entries(values).forEach(([name, text]) => fields[name]?.write(text));

  /** @type {(what: {given: Values, part: string} | {terms: string, kind: string}, done: (reply: Reply) => void) => void} */
  const ask = (what, done) => {
    const id = (asked += 1);
    const end = (/** @type {Reply} */ reply) => { clearTimeout(timer); waiting.delete(id); done(reply); };
    const timer = setTimeout(end, PATIENCE, { fault: true });
    waiting.set(id, end);
    model.send({ id, lang: model.get("lang"), ...what });
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

  /** Say where the panel has values of its own, and lead back to the page's. */
  const compare = () => {
    const page = /** @type {Values} */ (model.get("page") ?? {}), given = model.get("given") ?? {};
    const names = Object.keys(page).filter((name) => name in given && given[name] !== page[name]);
    own.hidden = !names.length;
    const told = names.map((name) => `${name === "years" ? years(given[name]) : given[name] || labels().every}, ${labels()[`own_${name}`]}`);
    const back = () => follow({ ...given, ...Object.fromEntries(names.map((name) => [name, page[name]])) });
    own.replaceChildren(`${labels().own} ${told.join("; ")}. `, make("button", { type: "button", class: "mm-link", click: back }, labels().follow));
  };

  /** Ask for what is given, and show what comes, unless something newer was asked meanwhile. */
  const follow = (/** @type {Values} */ given) => {
    const mine = (awaited = { given });
    model.set("given", given);
    write(given);
    compare();
    mark(labels().pending, true);
    ask({ given, part: "answer" }, (reply) => {
      if (awaited !== mine) return;
      awaited = undefined;
      if (reply.values) return show(reply);
      // What was refused stays in its field to be mended; what could not be had is taken back.
      const refused = reply.trouble && !reply.fault && !reply.later;
      model.set("given", shown?.values ?? given);
      compare();
      if (!refused && shown?.values) write(shown.values);
      mark(refused && shown ? labels().before : "", Boolean(refused && shown));
      tell(reply.trouble ?? labels().failed, refused || reply.absent ? undefined : given);
    });
  };

  const show = (/** @type {Reply} */ reply) => {
    shown = reply;
    model.set("given", reply.values);
    write(reply.values ?? {});
    compare();
    mark();
    tell();
    means.replaceChildren(reply.means ?? "");
    if (model.get("reading")) means.append(" ", make("a", { href: model.get("reading")() }, labels().reading));
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
    rest = setTimeout(() => ask({ given: reply.values ?? {}, part: "table" }, ({ html = "" }) => { if (shown === reply) table = html; }), TABLE_AFTER);
  };

  /** @type {(verdict: string, word: string) => HTMLElement} */
  const badge = (verdict, word) => {
    const pressed = make("button", { type: "button", class: "mm-verdict", "data-verdict": verdict, "aria-expanded": "false", "aria-controls": means.id,
      click: () => pressed.setAttribute("aria-expanded", String(!(means.hidden = !means.hidden))) }, word);
    return pressed;
  };

  /** A part of the answer that is fetched when it is opened, and again when the answer is another. */
  const detail = (/** @type {string} */ name) => {
    const summary = make("summary"), body = make("div", { class: "mm-part" });
    const fill = () => {
      if (!whole.open || !shown?.values) return body.replaceChildren();
      const mine = shown;
      body.setAttribute("aria-busy", "true");
      ask({ given: shown.values, part: name }, (reply) => {
        if (mine !== shown) return;
        body.removeAttribute("aria-busy");
        if (reply.html) body.innerHTML = reply.html;
        else body.textContent = reply.trouble ?? labels().lost;
        const sql = body.querySelector(".mm-sql");
        if (sql) sql.before(labelled(copier("sql", () => sql.textContent ?? "")));
      });
    };
    const whole = make("details", { class: "mm-details", toggle: fill }, summary, body);
    return { name, summary, whole, fill };
  };
  const details = [detail("table"), detail("method")];

  /** @type {(name: string, click: () => unknown) => HTMLButtonElement} */
  const button = (name, click) => make("button", { type: "button", class: "mm-button", "data-act": name, click });
  const labelled = (/** @type {HTMLElement} */ named) => { named.textContent = labels()[named.dataset.act ?? ""]; return named; };
  /** @type {(name: string, text: () => string) => HTMLButtonElement} */
  const copier = (name, text) => {
    const made = button(name, async () => {
      await copied(text());
      made.textContent = labels().copied;
      setTimeout(labelled, 2000, made);
    });
    made.ariaLive = "polite";
    return made;
  };
  /** @type {(name: string, part?: string, drawn?: (file: Blob) => Blob | Promise<Blob>) => HTMLButtonElement} */
  const saver = (name, part = name, drawn = (file) => file) => button(name, () => shown?.values && ask({ given: shown.values, part }, async (reply) => {
    files.list.hidePopover();
    if (!reply.name) return tell(reply.trouble ?? labels().lost);
    save(await drawn(filed(reply)), reply.name.replace(/\w+$/, name));
  }));
  const savers = { csv: saver("csv"), parquet: saver("parquet"), svg: saver("svg"), png: saver("png", "svg", png) };
  const files = menu(...Object.entries(savers).flatMap(([name, item]) => (model.get("files")?.includes(name) ?? true ? [item] : [])));
  const link = model.get("link"), picture = model.get("picture");
  const shares = menu(...link ? [copier("link", link)] : [], copier("code", () => shown?.code ?? ""),
    ...picture ? [copier("embed", () => embedded(link(), picture(shown?.values), shown?.sentence ?? ""))] : []);
  files.opener.dataset.act = "download";
  shares.opener.dataset.act = "share";
  foot.append(...details.map(({ whole }) => whole), files.opener, files.list, shares.opener, shares.list);

  /** Write everything that is the same for every answer, in the language now spoken; what stands in fields stays. */
  const speak = () => {
    const { controls, title } = frame(), kept = read(), [first, rest] = sorted(controls, model.get("before"));
    const hold = (/** @type {Told} */ told) => {
      const { field, whole } = control(told, `${serial}-${told.name}`, labels(), (terms) => new Promise((done) => {
        ask({ terms, kind: told.selects ? "all" : fields.kind?.read() ?? "all" }, (reply) => done(reply.terms ?? []));
      }));
      fields[told.name] = field;
      return whole;
    };
    fields = Object.fromEntries(controls.map(({ name }) => [name, /** @type {any} */ (undefined)]));
    before.replaceChildren(...first.map(hold));
    others.replaceChildren(...rest.map(hold));
    write(kept);
    if (!shown) heading.textContent = title;
    more.hidden = !rest.length;
    if (more.firstElementChild) more.firstElementChild.textContent = labels().more;
    for (const { name, summary } of details) summary.textContent = labels()[name];
    foot.querySelectorAll("[data-act]").forEach((each) => labelled(/** @type {HTMLElement} */ (each)));
  };
  const changed = () => { if (!same(model.get("given"), awaited?.given ?? shown?.values)) follow(model.get("given")); };
  const turned = () => { speak(); follow(awaited?.given ?? shown?.values ?? model.get("given")); };

  speak();
  for (const each of [before, others]) each.addEventListener("change", () => { if (!same(read(), awaited?.given)) follow(read()); });
  const ending = new AbortController(), { signal } = ending;
  const acts = { "msg:custom": heard, "change:given": changed, "change:lang": turned, "change:page": compare };
  addEventListener("beforeprint", () => { paper.innerHTML = table; el.append(paper); }, { signal });
  addEventListener("afterprint", () => paper.remove(), { signal });
  for (const [event, act] of Object.entries(acts)) model.on(event, act);
  /** @type {Reply | null} */ const first = model.get("reply");
  const given = model.get("given") ?? first?.values ?? model.get("base");
  write(given);
  compare();
  if (first?.values && same(first.values, given)) show(first);
  else if (first?.trouble) { mark(); tell(first.trouble, first.fault || first.later ? given : undefined); }
  else follow(given);
  return () => {
    for (const [event, act] of Object.entries(acts)) model.off(event, act);
    ending.abort();
    clearTimeout(rest);
    waiting.clear();
    awaited = shown = undefined; // so that nothing more is done with what was asked
    figure.end();
  };
}

export default { render };
