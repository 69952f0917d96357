/* What hosts a panel on a page of ours: a model, and a port that has its answers, over HTTP or from what lies in or
   beside the page. */
import { address } from "./address.js";
import { same } from "./element.js";

/** @import { Frame, Model, Reply, Term, Values } from "./element.js" */
/** @typedef {{key: string, question: string, lang: string, base: Values, frames: Record<string, Frame>, reply?: Reply | null, given?: Values, before?: string[], page?: Values}} State */
/** @typedef {{id: number, given: Values, lang: string, part: string}} Asked */
/** @typedef {{terms: string, kind: string, lang: string}} Begun */
/** @typedef {{answer: (state: State, asked: Asked, signal: AbortSignal) => Promise<Reply>, terms: (begun: Begun) => Promise<Reply>}} Port */

// Milliseconds after which an answer counts as lost, and before each quiet retry.
const LONGEST = 20_000, PAUSES = [300, 1200];
const MOST = 8, MOST_KEPT = 100; // terms that are offered at once, and answers of some 20 kB

/**
 * Be a panel's host: the part of anywidget's model that it uses.
 * @param {State} state
 * @param {(asked: Asked | Begun & {id: number}) => void} asked
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
      const name = /filename="?([^";]+)/.exec(reply.headers.get("Content-Disposition") ?? "")?.[1];
      if (name) {
        if (reply.ok) return { file: await reply.blob(), name };
      } else {
        const told = await reply.json();
        if (reply.ok || reply.status === 400) return told;
        lost = { ...told, fault: true };
      }
    } catch { /* no line, no server, or not one of ours between: the next attempt, or nothing, will say */ }
  }
  return lost;
}

/** @type {() => Port} */
export function overHttp() {
  const { base = "/", version = "" } = document.documentElement.dataset;
  const asked = (/** @type {string} */ path, /** @type {AbortSignal[]} */ ...signals) =>
    fetched(`${base}${path}&v=${version}`, AbortSignal.any([...signals, AbortSignal.timeout(LONGEST)]));
  /** @type {Map<string, Reply>} What this page was answered lately: a control moved back asks nobody. */ const kept = new Map();
  return {
    async answer(state, what, signal) {
      const place = address(state, what), reply = kept.get(place) ?? await asked(`answer/${place}`, signal);
      if (reply.values && reply.version === version) kept.set(place, reply);
      if (kept.size > MOST_KEPT) kept.delete([...kept.keys()][0]);
      return reply;
    },
    terms: ({ terms, kind, lang }) => asked(`terms?${new URLSearchParams({ like: terms, kind, lang })}`),
  };
}

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
export function held(script) {
  /** @type {Promise<Record<string, Reply | string>> | undefined} */ let reading;
  /** The reply at the first of some addresses, where the page holds any. */
  const found = async (/** @type {string} */ wanted, or = wanted) => {
    const known = await (reading ??= unpacked(script)), src = known[wanted] ?? known[or];
    /** @type {any} */ (window).mangetamainAnswers = (/** @type {Record<string, Reply>} */ more) => Object.assign(known, more);
    if (typeof src === "string") {
      await new Promise((done) => document.head.append(Object.assign(document.createElement("script"), { src, onload: done, onerror: done })));
    }
    return known[wanted];
  };
  return {
    async answer(state, asked) {
      const reply = await found(address(state, asked), address(state, { ...asked, part: "answer" }));
      if (typeof reply === "string") return { fault: true };
      return reply ?? { trouble: state.frames[asked.lang].labels.absent, fault: true, absent: true };
    },
    // Of the commonest alone, which lie beside the page.
    async terms({ terms, kind, lang }) {
      const reply = await found(`terms?kind=${kind}&lang=${lang}`);
      return { terms: typeof reply === "object" ? like(reply.terms ?? [], terms) : [] };
    },
  };
}

/** @type {(terms: Term[], begun: string) => Term[]} */
export function like(terms, begun) {
  const wanted = ` ${begun.trim().toLowerCase()}`;
  return terms.filter(({ word }) => ` ${word.replaceAll("-", " ")}`.includes(wanted)).slice(0, MOST);
}
