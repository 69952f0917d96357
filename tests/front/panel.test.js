/* What of a panel and its page needs no browser: addresses, the port and its retries. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { address, readings, shared, writing } from "../../mangetamain/panels/address.js";
import { same } from "../../mangetamain/panels/element.js";
import { sorted, worded, years } from "../../mangetamain/panels/fields.js";
import { embedded, filed } from "../../mangetamain/panels/files.js";
import { fetched, like, modelled } from "../../mangetamain/panels/host.js";
import { under } from "../../mangetamain/panels/suggest.js";

const frames = { en: { title: "", controls: [], labels: {}, defaults: { years: "1999-2018", of: "minutes", among: "" } } };
const level = (key, base) => ({ key, question: "level", lang: "en", base: { years: "1999-2018", of: "minutes", among: "", ...base }, frames });
const asked = (given, part = "answer") => ({ id: 1, given, lang: "en", part });

test("values are the same whatever their order", () => {
  assert.ok(same({ a: "1", b: "2" }, { b: "2", a: "1" }));
  assert.ok(!same({ a: "1" }, { a: "1", b: "2" }));
  assert.ok(!same({ a: "1" }, undefined));
});

test("the controls that a page names stand before the figure, else the first list and the recipes", () => {
  const told = (name, kind, selects) => ({ name, label: name, kind, selects });
  const controls = [told("years", "span"), told("of", "choice"), told("among", "words", true), told("centre", "choice"), told("chosen", "words")];
  const names = (before) => sorted(controls, before).map((each) => each.map(({ name }) => name));
  assert.deepEqual(names(), [["of", "among"], ["years", "centre", "chosen"]]);
  assert.deepEqual(names(["of", "centre"]), [["of", "centre"], ["years", "among", "chosen"]]);
});

test("a span of one year is said as that year", () => {
  assert.deepEqual(["2002-2010", "2005-2005"].map(years), ["2002–2010", "2005"]);
});

test("an answer has one address: what differs from the question's defaults, in their order", () => {
  const state = level("level", {});
  assert.equal(address(state, asked({ among: "easy, minutes<=30", of: "sugar", years: "1999-2018" })),
    "level?of=sugar&among=easy%2C+minutes%3C%3D30&lang=en");
  assert.equal(address(state, asked({ years: "1999-2018", of: "minutes", among: "" }, "table")), "level?lang=en&part=table");
});

test("a page's address says once what all are asked, and of each what differs, and is read back as it was", () => {
  const one = level("level", {}), two = level("level-2", { of: "calories" }), states = [one, two];
  assert.equal(writing(states, {}, null), "");
  one.given = { ...one.base, years: "2002-2010", of: "sugar" };
  assert.equal(writing(states, {}, null), "level.years=2002-2010&level.of=sugar");
  two.given = { ...two.base, years: "2002-2010" };
  const query = writing(states, { years: "2002-2010" }, "fr");
  assert.equal(query, "lang=fr&years=2002-2010&level.of=sugar");
  assert.deepEqual(readings(states, `?${query}`), [one.given, two.given]);
  assert.deepEqual(shared(states, `?${query}`), { years: "2002-2010" });
});

test("a panel that leaves the page's values for the notebook's is written as one that differs", () => {
  const one = level("level", {}), two = level("level-2", {}), page = { years: "2002-2010" };
  two.given = { ...two.base, ...page };
  const query = writing([one, two], page, null);
  assert.equal(query, "years=2002-2010&level.years=1999-2018");
  assert.deepEqual(readings([one, two], query), [one.base, two.given]);
});

test("what nobody could read of an address is not the page's", () => {
  const one = level("level", {}), two = level("level-2", {});
  assert.deepEqual(shared([one, two], "?years=banana&level-2.of=fat"), {}); // the server left both as the notebook has them
});

test("a panel's own name goes before the page's", () => {
  const [one, two] = readings([level("level", {}), level("level-2", {})], "?of=sugar&level-2.of=fat&other=1");
  assert.deepEqual([one.of, two.of], ["sugar", "fat"]);
  assert.ok(!("other" in one));
});

test("the word under the caret is what stands between commas, without its not", () => {
  const at = (text) => { const caret = text.indexOf("|"); return under(text.replace("|", ""), caret); };
  assert.deepEqual(at("vegetarian, min|"), { from: 12, end: 15, like: "min" });
  assert.deepEqual(at("veg|etarian, minutes<=30"), { from: 0, end: 10, like: "veg" });
  assert.deepEqual(at("easy, not des|"), { from: 10, end: 13, like: "des" });
  assert.deepEqual(at("tag:ap|"), { from: 0, end: 6, like: "ap" });
  for (const empty of ["|", ",|", "easy,| ", "|, easy"]) assert.equal(at(empty).like, "", empty);
});

test("of the terms beside a copy, those with a word that begins so are offered", () => {
  const terms = ["pepper", "black pepper", "15-minutes-or-less", "apple"].map((word) => ({ word, text: word, name: word, told: "" }));
  const words = (begun) => like(terms, begun).map(({ word }) => word);
  assert.deepEqual(words(" Pep"), ["pepper", "black pepper"]);
  assert.deepEqual(words("min"), ["15-minutes-or-less"]);
  assert.deepEqual(words("ple"), []);
});

test("what is embedded elsewhere stays text there", () => {
  assert.equal(embedded("https://a.example/x?a=1&b=2#c", "https://a.example/p", '"<b>'),
    '<a href="https://a.example/x?a=1&amp;b=2#c"><img src="https://a.example/p" alt="&quot;&lt;b>"></a>');
});

test("a file is what was sent, as text or as bytes", async () => {
  assert.equal(await filed({ text: "\ufeffa,b", kind: "text/csv" }).text(), "a,b"); // as text it has no mark
  assert.deepEqual([...new Uint8Array(await filed({ text: "\ufeffa", kind: "text/csv" }).arrayBuffer())], [0xef, 0xbb, 0xbf, 0x61]);
  assert.deepEqual([...new Uint8Array(await filed({ base64: btoa("PAR1"), kind: "x/y" }).arrayBuffer())], [80, 65, 82, 49]);
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

test("a file has its name from the server, and is as it was sent", async (t) => {
  replying(t, { text: "\ufeffa,b", headers: { "Content-Type": "text/csv", "Content-Disposition": 'attachment; filename="level.csv"' } });
  const { file, name } = await fetched("/answer/level?part=csv", patient());
  assert.deepEqual([name, file.size], ["level.csv", 6]);
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
