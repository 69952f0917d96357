/* Addresses: of an answer, and of a page for what its panels show. */

import { picked } from "./element.js";

/** @import { Values } from "./element.js" */
/** @import { Asked, State } from "./host.js" */

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

// What a page has for all its panels.
export const NAMES = ["years", "among"];

/**
 * What a page's address asks of all panels at once, as those that it speaks to have read it.
 * @param {State[]} states
 * @param {string} search
 * @returns {Values}
 */
export function shared(states, search) {
  const query = new URLSearchParams(search);
  return Object.assign({}, ...states.map(({ key, base, given = base }) => picked(given,
    (name, text) => NAMES.includes(name) && query.has(name) && !query.has(`${key}.${name}`) && text !== base[name])));
}

/**
 * The page's address: what it asks of all panels, then of each what differs from that, or else from the notebook.
 * @param {State[]} states
 * @param {Values} page
 * @param {string | null} lang
 */
export function writing(states, page, lang) {
  const query = new URLSearchParams({ ...(lang ? { lang } : {}), ...page });
  for (const { key, base, given = base } of states) {
    for (const [name, text] of Object.entries(given)) if (text !== (page[name] ?? base[name])) query.set(`${key}.${name}`, text);
  }
  return String(query).replaceAll("%2C", ",");
}
