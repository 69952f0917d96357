/* A page of ours around its panels: gives each its answers, keeps the page's address, its bar, its language and scheme. */
import { NAMES, address, readings, shared, writing } from "./address.js";
import { bar } from "./bar.js";
import { make, picked, same } from "./element.js";
import { worded } from "./fields.js";
import { held, modelled, overHttp } from "./host.js";
import { render } from "./panel.js";

/** @import { Reply, Values } from "./element.js" */
/** @import { State } from "./host.js" */

function start() {
  const page = document.documentElement, embedded = document.querySelector("script.mm-answers");
  const port = embedded ? held(embedded) : overHttp();
  const spoken = () => new URLSearchParams(location.search).get("lang");
  const read = (/** @type {HTMLScriptElement} */ script) => {
    /** @type {State} */ const state = JSON.parse(script.textContent ?? "");
    state.lang = page.lang in state.frames ? page.lang : state.lang;
    if (embedded) [state.given] = readings([state], location.search);
    return state;
  };
  const scripts = /** @type {HTMLScriptElement[]} */ ([...document.querySelectorAll("script.mm-model")]);
  if (embedded && /^(en|fr)$/.test(spoken() ?? "")) page.lang = page.dataset.lang = spoken() ?? "";
  const states = scripts.map(read);
  /** @type {ReturnType<typeof modelled>[]} */ const models = [];
  /** @type {Values} What all panels are asked. */ let all = shared(states, location.search);
  let restoring = false, newestMove = new AbortController();
  const given = () => states.map((state) => state.given ?? state.base);

  /** What stands in the bar: what all panels are asked, else what the notebook says. */
  const paged = () => Object.fromEntries(NAMES.flatMap((name) => {
    const state = states.find(({ base }) => name in base);
    return state ? [[name, all[name] ?? state.base[name]]] : [];
  }));
  const share = () => { if (above) models.forEach((model) => model.set("page", paged())); };
  /** Have links to other pages ask the same of them, as far as they take it, in the language of this address; a copy has no server to keep it. */
  const lead = () => document.querySelectorAll("header a, a[href*='.html']").forEach((each) => {
    const link = /** @type {HTMLAnchorElement} */ (each), query = new URLSearchParams(link.search);
    for (const name of link.dataset.takes?.split(" ") ?? []) name in all ? query.set(name, all[name]) : query.delete(name);
    if (embedded || spoken()) query.set("lang", page.lang);
    link.search = String(query);
  });
  const turn = () => {
    above?.show(paged(), !Object.keys(all).length && states.every(({ base, given = base }) => same(base, given)));
    lead();
  };
  /** @type {(push: boolean, lang?: string | null) => void} */
  const write = (push, lang = spoken()) => {
    const query = writing(states, all, lang), url = location.pathname + (query && `?${query}`) + location.hash;
    turn();
    const there = states.map((state, i) => ({ ...state, given: readings(states, location.search)[i] }));
    if (query === writing(there, shared(there, location.search), spoken())) return;
    history[push ? "pushState" : "replaceState"]({ all, given: given() }, "", url);
    if (push) document.querySelector(".mm-notes")?.remove(); // they speak of the address that was
  };
  /** Ask all panels that follow the page for other values, once one of them can be answered. */
  const move = async (/** @type {Values} */ values) => {
    newestMove.abort();
    const { signal } = (newestMove = new AbortController()), now = paged();
    const moved = picked(values, (name, text) => text !== now[name]);
    const follows = states.map(({ base, given = base }) => picked(moved, (name) => name in base && given[name] === (all[name] ?? base[name])));
    /** @type {Reply} */ let reply = {};
    for (const [i, own] of follows.entries()) {
      if (!Object.keys(own).length) continue;
      const before = reply.trouble;
      reply = await port.answer(states[i], { id: 0, given: { ...given()[i], ...own }, lang: page.lang, part: "answer" }, signal);
      if (signal.aborted) return;
      if (reply.values || reply.trouble === before) break; // what two refuse alike, all do
    }
    const frame = states[0].frames[page.lang];
    if (!reply.values) return above?.tell(worded(reply.trouble ?? frame.labels.failed, frame));
    const read = reply.values;
    all = picked({ ...all, ...picked(read, (name) => name in moved) }, (name, text) => states.some(({ base }) => name in base && base[name] !== text));
    share();
    models.forEach((model, i) => model.set("given", { ...given()[i], ...picked(read, (name) => name in follows[i]) }));
    write(true);
  };
  const reset = () => {
    all = {};
    share();
    models.forEach((model, i) => model.set("given", states[i].base));
    write(true);
  };
  const look = async (/** @type {string} */ terms) => (await port.terms({ terms, kind: "all", lang: page.lang })).terms ?? [];
  const compare = (/** @type {Reply} */ { values, version }) => {
    if (!values || !version || !page.dataset.version || version === page.dataset.version || document.querySelector(".mm-changed")) return;
    const { changed, reload } = states[0].frames[page.lang].labels;
    const anew = make("button", { type: "button", class: "mm-button", click: () => location.reload() }, reload);
    document.body.append(make("aside", { class: "mm-banner mm-changed", role: "status" }, changed, " ", anew));
  };

  /** Bring a panel to life; of the answers that it asks for, the newest alone is waited for. */
  const live = (/** @type {State} */ state, /** @type {number} */ i) => {
    const section = scripts[i].parentElement, el = /** @type {HTMLElement | null} */ (section?.querySelector(".mm-panel"));
    if (!section || !el) throw new Error(`no place for ${state.key}`);
    section.id ||= state.key;
    let newest = new AbortController();
    const model = modelled(state, async (asked) => {
      if ("terms" in asked) return model.hear({ id: asked.id, ...await port.terms(asked) });
      const answer = asked.part === "answer", push = !restoring;
      if (answer) { newest.abort(); newest = new AbortController(); }
      const mine = answer ? newest : new AbortController(), reply = await port.answer(state, asked, mine.signal);
      if (mine.signal.aborted) return;
      model.hear({ id: asked.id, ...reply });
      compare(reply);
      if (!answer) return;
      section.removeAttribute("data-pending");
      write(push && Boolean(reply.values));
    });
    model.set("link", () => `${location.href.split("#")[0]}#${section.id}`);
    if (page.dataset.reading) model.set("reading", () => `${page.dataset.reading}${embedded ? `?lang=${page.lang}` : ""}#verdict`);
    if (embedded) model.set("files", ["csv", "svg", "png"]);
    else {
      model.set("picture", (/** @type {Values} */ values) =>
        new URL(`${page.dataset.base}answer/${address(state, { id: 0, given: values, lang: page.lang, part: "svg" })}`, location.href).href);
    }
    if (above) model.set("page", paged());
    models.push(model);
    render({ model, el });
  };

  const label = () => {
    document.querySelectorAll("[data-labels]").forEach((named) => {
      const { labels = "", labelFr = "", labelEn = "" } = /** @type {HTMLElement} */ (named).dataset;
      named.setAttribute(labels, page.lang === "fr" ? labelFr : labelEn);
    });
    const title = document.querySelector("title");
    if (title?.dataset[page.lang]) document.title = title.dataset[page.lang] ?? "";
    lead();
  };
  const speak = (/** @type {string} */ lang) => {
    page.lang = page.dataset.lang = lang;
    document.cookie = `mm-lang=${lang}; path=${page.dataset.base ?? "/"}; max-age=31536000; samesite=lax`;
    label();
    models.forEach((model) => model.set("lang", lang));
    above?.speak(states[0].frames[lang]);
  };

  const place = /** @type {HTMLElement | null} */ (document.querySelector(".mm-pagebar"));
  const above = place && states.length ? bar(place, { look, move, reset }) : undefined;
  states.forEach(live);
  above?.speak(states[0].frames[page.lang]);
  turn();
  label();
  const [theme, language] = ["[data-mm-theme]", "[data-mm-lang]"].map((name) => /** @type {HTMLElement | null} */ (document.querySelector(name)));
  theme?.addEventListener("click", () => {
    const now = page.dataset.theme ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
    page.dataset.theme = now === "dark" ? "light" : "dark";
    try { localStorage.setItem("mangetamain-theme", page.dataset.theme); } catch { /* private window */ }
  });
  language?.addEventListener("click", () => {
    const lang = page.lang === "fr" ? "en" : "fr";
    write(false, lang);
    speak(lang);
  });
  // What panels show at each step of the history: an address may ask what they cannot.
  history.replaceState({ all, given: given() }, "");
  addEventListener("popstate", ({ state }) => {
    restoring = true;
    const lang = spoken();
    if (lang && lang !== page.lang && /^(en|fr)$/.test(lang)) speak(lang);
    const there = readings(states, location.search);
    all = state?.all ?? shared(states.map((each, i) => ({ ...each, given: there[i] })), location.search);
    share();
    /** @type {Values[]} */ (state?.given ?? there).forEach((each, i) => models[i].set("given", each));
    turn();
    restoring = false;
  });
}

if (globalThis.document) start();
