/* A page of ours around its panels: gives each its answers, over HTTP or from what lies in or beside the page, keeps the
   page's address, language and scheme. */
import panel, { make, same } from "./panel.js";

/** @typedef {import("./panel.js").Values} Values */
/** @typedef {import("./panel.js").Reply} Reply */
/** @typedef {import("./panel.js").Frame} Frame */
/** @typedef {import("./panel.js").Model} Model */
/** @typedef {{key: string, question: string, lang: string, base: Values, frames: Record<string, Frame>, reply?: Reply | null, given?: Values}} State */
/** @typedef {{id: number, given: Values, lang: string, part: string}} Asked */
/** @typedef {(state: State, asked: Asked, signal: AbortSignal) => Promise<Reply>} Port */

// Milliseconds after which an answer counts as lost, and before each quiet retry.
const LONGEST = 20_000, PAUSES = [300, 1200];

/**
 * The address of an answer, the same for the same question: what differs from the question's own defaults, in their order.
 * @param {State} state
 * @param {Asked} asked
 */
export function address({ question, frames }, { given, lang, part }) {
  const own = Object.entries(frames[lang].defaults).filter(([name, text]) => given[name] !== undefined && given[name] !== text);
  const query = new URLSearchParams(own.map(([name]) => [name, given[name]]));
  query.set("lang", lang);
  if (part !== "answer") query.set("part", part);
  return `${question}?${query}`;
}

/**
 * What a page's address asks of each panel: a panel's own name before the page's, the notebook's values without either.
 * @param {State[]} states
 * @param {string} search
 * @returns {Values[]}
 */
export function readings(states, search) {
  const query = new URLSearchParams(search);
  return states.map(({ key, base }) => Object.fromEntries(
    Object.entries(base).map(([name, text]) => [name, query.get(`${key}.${name}`) ?? query.get(name) ?? text])));
}

/**
 * The page's address for what its panels show: what differs from the notebook, once where all that have the name agree.
 * @param {State[]} states
 * @param {string | null} lang
 */
export function writing(states, lang) {
  const query = new URLSearchParams(lang ? { lang } : {});
  for (const { key, base, given = base } of states) {
    for (const [name, text] of Object.entries(given)) {
      if (text === base[name]) continue;
      const agreed = states.every((other) => !(name in other.base)
        || ((other.given ?? other.base)[name] === text && other.base[name] !== text));
      query.set(agreed ? name : `${key}.${name}`, text);
    }
  }
  return String(query).replaceAll("%2C", ",");
}

/**
 * Be a panel's host: the part of anywidget's model that it uses.
 * @param {State} state
 * @param {(asked: Asked) => void} asked
 * @returns {Model & {hear: (content: any) => void}}
 */
export function modelled(state, asked) {
  const held = /** @type {any} */ (state);
  /** @type {Map<string, Set<(content?: any) => void>>} */ const acts = new Map();
  const fire = (/** @type {string} */ event, /** @type {any} */ content) => acts.get(event)?.forEach((act) => act(content));
  return {
    get: (name) => held[name],
    set(name, value) {
      const before = held[name];
      held[name] = value;
      if (typeof value === "object" ? !same(before, value) : before !== value) fire(`change:${name}`, value);
    },
    on(event, act) { acts.set(event, (acts.get(event) ?? new Set()).add(act)); },
    off(event, act) { acts.get(event)?.delete(act); },
    send: asked,
    hear: (content) => fire("msg:custom", content),
  };
}

/** @type {(milliseconds: number) => Promise<void>} */
const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

/**
 * Ask an address, and quietly again where that fails: a phone's line is away for a moment, a server is started anew.
 * @param {string} url
 * @param {AbortSignal} signal
 * @returns {Promise<Reply>}
 */
export async function fetched(url, signal) {
  /** @type {Reply} */ let lost = { fault: true };
  for (let attempt = 0; attempt <= PAUSES.length && !signal.aborted; attempt += 1) {
    if (attempt) await pause(PAUSES[attempt - 1]);
    try {
      const reply = await fetch(url, { signal, headers: { Accept: "application/json" } });
      if (reply.headers.get("Content-Type")?.startsWith("text/csv")) {
        if (reply.ok) return { csv: await reply.text(), name: /filename="?([^";]+)/.exec(reply.headers.get("Content-Disposition") ?? "")?.[1] };
      } else {
        const told = await reply.json();
        if (reply.ok || reply.status === 400) return told;
        lost = { ...told, fault: true };
      }
    } catch { /* no line, no server, or not one of ours between: the next attempt, or nothing, will say */ }
  }
  return lost;
}

/** @type {Port} */
const overHttp = (state, asked, signal) => {
  const { base, version = "" } = document.documentElement.dataset;
  return fetched(`${base ?? "/"}answer/${address(state, asked)}&v=${version}`, AbortSignal.any([signal, AbortSignal.timeout(LONGEST)]));
};

/**
 * Read the answers that a page holds: as JSON, or compressed where all of them lie in the page.
 * @param {Element} script
 * @returns {Promise<Record<string, Reply | string>>}
 */
async function unpacked(script) {
  const text = script.textContent ?? "{}";
  if (script.getAttribute("type") === "application/json") return JSON.parse(text);
  const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).json();
}

/**
 * Answer from what the page holds: by address a reply, or the script beside the page that brings it.
 * @param {Element} script
 * @returns {Port}
 */
function held(script) {
  /** @type {Promise<Record<string, Reply | string>> | undefined} */ let reading;
  return async (state, asked) => {
    const known = await (reading ??= unpacked(script));
    /** @type {any} */ (window).mangetamainAnswers = (/** @type {Record<string, Reply>} */ more) => Object.assign(known, more);
    const wanted = address(state, asked), src = known[wanted] ?? known[address(state, { ...asked, part: "answer" })];
    if (typeof src === "string") {
      await new Promise((done) => document.head.append(Object.assign(document.createElement("script"), { src, onload: done, onerror: done })));
    }
    const found = known[wanted];
    if (typeof found === "string") return { fault: true };
    return found ?? { trouble: state.frames[asked.lang].labels.absent, fault: true, absent: true };
  };
}

function start() {
  const page = document.documentElement, embedded = document.querySelector("script.mm-answers");
  const port = embedded ? held(embedded) : overHttp;
  const keep = (/** @type {string} */ name, /** @type {string} */ value) => { try { localStorage.setItem(name, value); } catch { /* private window */ } };
  const spoken = () => new URLSearchParams(location.search).get("lang");
  /** @type {State[]} */ const states = [];
  /** @type {ReturnType<typeof modelled>[]} */ const models = [];
  let restoring = false;

  /** @type {(push: boolean, lang?: string | null) => void} */
  const write = (push, lang = spoken()) => {
    const query = writing(states, lang), url = location.pathname + (query && `?${query}`) + location.hash;
    const held = states.map(({ base, given }) => given ?? base);
    if (query === writing(states.map((state, i) => ({ ...state, given: readings(states, location.search)[i] })), spoken())) return;
    history[push ? "pushState" : "replaceState"](held, "", url);
    if (push) document.querySelector(".mm-notes")?.remove(); // they speak of the address that was
  };
  const compare = (/** @type {Reply} */ { values, version }) => {
    if (!values || !version || !page.dataset.version || version === page.dataset.version || document.querySelector(".mm-changed")) return;
    const { changed, reload } = states[0].frames[page.lang].labels;
    const anew = make("button", { type: "button", class: "mm-button", click: () => location.reload() }, reload);
    document.body.append(make("aside", { class: "mm-banner mm-changed", role: "status" }, changed, " ", anew));
  };

  /** Bring a panel to life; of the answers that it asks for, the newest alone is waited for. */
  const live = (/** @type {HTMLScriptElement} */ script) => {
    /** @type {State} */ const state = JSON.parse(script.textContent ?? "");
    const section = script.parentElement, el = /** @type {HTMLElement | null} */ (section?.querySelector(".mm-panel"));
    if (!section || !el) return;
    state.lang = page.lang in state.frames ? page.lang : state.lang;
    if (embedded) [state.given] = readings([state], location.search);
    section.id ||= state.key;
    let newest = new AbortController();
    const model = modelled(state, async (asked) => {
      const answer = asked.part === "answer", push = !restoring;
      if (answer) { newest.abort(); newest = new AbortController(); }
      const mine = answer ? newest : new AbortController(), reply = await port(state, asked, mine.signal);
      if (mine.signal.aborted) return;
      model.hear({ id: asked.id, ...reply });
      compare(reply);
      if (!answer) return;
      section.removeAttribute("data-pending");
      write(push && Boolean(reply.values));
    });
    model.set("link", () => `${location.href.split("#")[0]}#${section.id}`);
    states.push(state);
    models.push(model);
    panel.render({ model, el });
  };

  const label = () => {
    document.querySelectorAll("[data-labels]").forEach((named) => {
      const { labels = "", labelFr = "", labelEn = "" } = /** @type {HTMLElement} */ (named).dataset;
      named.setAttribute(labels, page.lang === "fr" ? labelFr : labelEn);
    });
    const title = document.querySelector("title");
    if (title?.dataset[page.lang]) document.title = title.dataset[page.lang] ?? "";
    // A copy of the site has no server to keep the language from one page to the next.
    if (embedded) document.querySelectorAll("a[href*='.html']").forEach((link) => { /** @type {HTMLAnchorElement} */ (link).search = `lang=${page.lang}`; });
  };
  const speak = (/** @type {string} */ lang) => {
    page.lang = page.dataset.lang = lang;
    document.cookie = `mm-lang=${lang}; path=${page.dataset.base ?? "/"}; max-age=31536000; samesite=lax`;
    label();
    models.forEach((model) => model.set("lang", lang));
  };

  if (embedded && /^(en|fr)$/.test(spoken() ?? "")) page.lang = page.dataset.lang = spoken() ?? "";
  /** @type {HTMLScriptElement[]} */ ([...document.querySelectorAll("script.mm-model")]).forEach(live);
  label();
  const [theme, language] = ["[data-mm-theme]", "[data-mm-lang]"].map((name) => /** @type {HTMLElement | null} */ (document.querySelector(name)));
  theme?.addEventListener("click", () => {
    const now = page.dataset.theme ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
    page.dataset.theme = now === "dark" ? "light" : "dark";
    keep("mangetamain-theme", page.dataset.theme);
  });
  language?.addEventListener("click", () => {
    const lang = page.lang === "fr" ? "en" : "fr";
    write(false, lang);
    speak(lang);
  });
  // What panels show at each step of the history: an address may ask what they cannot.
  history.replaceState(states.map(({ base, given }) => given ?? base), "");
  addEventListener("popstate", ({ state }) => {
    restoring = true;
    const lang = spoken();
    if (lang && lang !== page.lang && /^(en|fr)$/.test(lang)) speak(lang);
    /** @type {Values[]} */ (state ?? readings(states, location.search)).forEach((given, i) => models[i].set("given", given));
    restoring = false;
  });
}

if (globalThis.document) start();
