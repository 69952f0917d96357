/* What of a panel and its page needs no browser: addresses, the port and its retries. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { address, fetched, modelled, readings, writing } from "../../mangetamain/panels/page.js";
import { same, sorted, worded } from "../../mangetamain/panels/panel.js";

const frames = { en: { title: "", controls: [], labels: {}, defaults: { years: "1999-2018", of: "minutes", among: "" } } };
const level = (key, base) => ({ key, question: "level", lang: "en", base: { years: "1999-2018", of: "minutes", among: "", ...base }, frames });
const asked = (given, part = "answer") => ({ id: 1, given, lang: "en", part });

test("values are the same whatever their order", () => {
  assert.ok(same({ a: "1", b: "2" }, { b: "2", a: "1" }));
  assert.ok(!same({ a: "1" }, { a: "1", b: "2" }));
  assert.ok(!same({ a: "1" }, undefined));
});

test("at most two controls stand before the figure", () => {
  const told = (name, kind) => ({ name, label: name, kind });
  const [before, rest] = sorted([told("years", "span"), told("of", "choice"), told("among", "words"), told("centre", "choice"), told("against", "words")]);
  assert.deepEqual(before.map(({ name }) => name), ["of", "among"]);
  assert.deepEqual(rest.map(({ name }) => name), ["years", "centre", "against"]);
});

test("an answer has one address: what differs from the question's defaults, in their order", () => {
  const state = level("level", {});
  assert.equal(address(state, asked({ among: "easy, minutes<=30", of: "sugar", years: "1999-2018" })),
    "level?of=sugar&among=easy%2C+minutes%3C%3D30&lang=en");
  assert.equal(address(state, asked({ years: "1999-2018", of: "minutes", among: "" }, "table")), "level?lang=en&part=table");
});

test("a page's address is written once where panels agree, and read back as it was", () => {
  const one = level("level", {}), two = level("level-2", { of: "calories" }), states = [one, two];
  assert.equal(writing(states, null), "");
  one.given = { ...one.base, years: "2002-2010", of: "sugar" };
  assert.equal(writing(states, null), "level.years=2002-2010&level.of=sugar");
  two.given = { ...two.base, years: "2002-2010" };
  assert.equal(writing(states, "fr"), "lang=fr&years=2002-2010&level.of=sugar");
  assert.deepEqual(readings(states, `?${writing(states, "fr")}`), [one.given, two.given]);
});

test("a panel's own name goes before the page's", () => {
  const [one, two] = readings([level("level", {}), level("level-2", {})], "?of=sugar&level-2.of=fat&other=1");
  assert.deepEqual([one.of, two.of], ["sugar", "fat"]);
  assert.ok(!("other" in one));
});

test("a change to what both panels have is not written for one that has it from the notebook", () => {
  const one = level("level", {}), two = level("level-2", { of: "calories" });
  one.given = { ...one.base, of: "calories" };
  assert.equal(writing([one, two], null), "level.of=calories");
  assert.deepEqual(readings([one, two], "?level.of=calories").map(({ of }) => of), ["calories", "calories"]);
});

test("a model tells of what changes alone, and passes messages on", () => {
  const heard = [], sent = [], model = modelled(level("level", {}), (content) => sent.push(content));
  const hear = (value) => heard.push(value);
  model.on("change:given", hear);
  model.set("given", { of: "fat" });
  model.set("given", { of: "fat" });
  model.send({ id: 1 });
  model.off("change:given", hear);
  model.set("given", { of: "sugar" });
  assert.deepEqual(heard, [{ of: "fat" }]);
  assert.deepEqual(sent, [{ id: 1 }]);
  assert.deepEqual(model.get("given"), { of: "sugar" });
});

const replying = (t, ...replies) => {
  const calls = [];
  t.mock.method(globalThis, "fetch", async (url) => {
    calls.push(url);
    const next = replies.shift();
    if (!next) throw new TypeError("no line");
    return new Response(next.text ?? JSON.stringify(next.told), { status: next.status ?? 200, headers: next.headers ?? { "Content-Type": "application/json" } });
  });
  return calls;
};
const patient = () => new AbortController().signal;

test("what fails is asked again quietly, twice", async (t) => {
  const calls = replying(t, undefined, { status: 503, told: { trouble: "full" } }, { told: { values: {} } });
  assert.deepEqual(await fetched("/answer/level", patient()), { values: {} });
  assert.equal(calls.length, 3);
});

test("a refusal is an answer, and is not asked again", async (t) => {
  const calls = replying(t, { status: 400, told: { trouble: "no such word" } });
  assert.deepEqual(await fetched("/answer/level", patient()), { trouble: "no such word" });
  assert.equal(calls.length, 1);
});

test("what cannot be had is a fault, in the server's words where it has some", async (t) => {
  replying(t, { status: 500, told: {} }, { status: 502, text: "<html>" }, { status: 503, told: { trouble: "full" } });
  assert.deepEqual(await fetched("/answer/level", patient()), { trouble: "full", fault: true });
  replying(t);
  assert.deepEqual(await fetched("/answer/level", patient()), { fault: true });
});

test("what is wanted no more is not asked again", async (t) => {
  const calls = replying(t), control = new AbortController();
  control.abort();
  assert.deepEqual(await fetched("/answer/level", control.signal), { fault: true });
  assert.equal(calls.length, 0);
});

test("a table as text has its name from the server", async (t) => {
  replying(t, { text: "a,b", headers: { "Content-Type": "text/csv", "Content-Disposition": 'attachment; filename="level.csv"' } });
  assert.deepEqual(await fetched("/answer/level?part=csv", patient()), { csv: "a,b", name: "level.csv" });
});

test("a refusal speaks of controls, not of parameters", () => {
  const controls = [
    { name: "of", label: "Measure", kind: "choice", options: [["term", "Share of recipes"]] },
    { name: "among", label: "Among", kind: "words" }, { name: "term", label: "Share of", kind: "words" },
  ];
  const said = (text) => worded(text, { controls, labels: { named: "“{label}”" } });
  assert.equal(said("among cannot hold 'minutes': expected a measure."), "“Among” cannot hold 'minutes': expected a measure.");
  assert.equal(said("of=term asks of which, as in term=salt."), "“Measure” Share of recipes asks of which, as in “Share of” salt.");
  assert.equal(said("No recipe of any kind has 'of'."), "No recipe of any kind has 'of'.");
});
