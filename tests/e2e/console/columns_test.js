// Columns: what is suggested, what somebody chooses, and what an import is told of it.

import { Columns } from "/modules/column_choices.js";
import { orderOf, rememberedReading } from "/modules/columns.js";
import { meaningsOf, WordMeanings, wordsAsked } from "/modules/column_words.js";
import { isRememberable, rememberedOf } from "/modules/profiles.js";
import { letterOf } from "/modules/column_table.js";
import { fittingProfile, nameOf } from "/modules/remembering.js";
import { equal, test } from "./harness.js";

const RESOURCE = { fields: [{ name: "name", required: true }, { name: "email" }, { name: "phone" }, { name: "customer_since", type: "date" }, { name: "first_name" }, { name: "last_name" }] };
const column = (header, field, suggested = field, confidence = suggested ? 0.95 : 0) => ({ header, field, why: "name", suggested, confidence, unknown_words: [], dates: null, candidates: suggested ? [{ field: suggested, confidence, why: ["words"] }] : [] });
const source = (columns, rows = []) => ({ columns, rows });
const columnsOf = (columns, mapping = {}, rows = []) => new Columns(source(columns, rows), RESOURCE, { column_mapping: mapping });

test("what is suggested is chosen, and what is not sure enough stays as imports read it", () => {
  const columns = columnsOf([column("Kunde", null, "name"), column("Mail", "email", "email", 0.4), column("Owner", null, null)]);

  equal(columns.mapping, { name: "Kunde", email: "Mail" });
  equal([columns.counts, columns.leftOut], [{ all: 3, mapped: 2 }, ["Owner"]]);
});

test("a column that is left out stays out, though its header is known", () => {
  const columns = columnsOf([column("name", "name"), column("phone", "phone")]);
  columns.choose(1, "");

  equal(columns.mapping, { phone: null, name: "name" });
});

test("no field has two columns", () => {
  const columns = columnsOf([column("A", null, "email"), column("B", null, null)]);
  columns.choose(1, "email");

  equal([columns.all[0].field, columns.mapping], [null, { email: "B" }]);
});

test("what somebody has chosen before holds, not what is suggested", () => {
  equal(columnsOf([column("A", null, "email"), column("B", "name", null)], { name: "B" }).mapping, { email: null, name: "B" });
});

test("a required field must have a column, unless its parts have, or only known records change", () => {
  equal(columnsOf([column("A", "email")]).missing("merge"), ["name"]);
  equal(columnsOf([column("A", "email")]).missing("update"), []);
  equal(columnsOf([column("A", "first_name"), column("B", "last_name")]).missing("merge"), []);
});

test("a date that could be two is told of only where its column is one of dates", () => {
  const dates = { order: null, proof: null, unclear: "03/04/2024" };
  const columns = columnsOf([{ ...column("Since", "customer_since"), dates }, { ...column("Phone", "phone"), dates }, { ...column("When", "customer_since"), dates: { ...dates, unclear: null } }]);

  equal([0, 1, 2].map((at) => columns.dates(at)), [dates, null, null]);
});

const unknown = (word, field = "status", rows = 1) => ({ field, word, rows });
const STATUS = { fields: [{ name: "status", type: "choice", choices: ["active", "inactive"] }, { name: "email", type: "email" }] };

test("of the words of a column those are asked about that its field does not know", () => {
  const words = { ...column("State", "status"), unknown_words: [unknown("paused"), unknown("paused", "active"), unknown("weg")] };

  equal(wordsAsked(words, new WordMeanings({})).map((one) => one.word), ["paused", "weg"]);
  equal(wordsAsked({ ...words, field: "email" }, new WordMeanings({})), []);
});

test("a word whose meaning was stated is asked about again, so that it can be taken back", () => {
  const meanings = new WordMeanings({ status: { paused: "inactive" } });

  equal(wordsAsked(column("State", "status"), meanings), [{ word: "paused", rows: null }]);
  meanings.say("status", "paused", undefined);
  equal(meanings.mapping(new Set(["status"])), {});
});

test("meanings are stated of fields that have a column", () => {
  const meanings = new WordMeanings({ status: { paused: "inactive" } });
  meanings.say("is_primary", "main", false);

  equal(meanings.mapping(new Set(["is_primary", "email"])), { is_primary: { main: false } });
});

test("a word may mean a choice, or true or false", () => {
  equal(meaningsOf(STATUS.fields[0]).map(([, meaning]) => meaning), ["active", "inactive"]);
  equal(meaningsOf({ type: "boolean", choices: [] }), [["true", true, "yes"], ["false", false, "no"]]);
  equal(meaningsOf({ type: "email", choices: [] }), []);
});

test("words are looked for where a field with choices was chosen that nobody has thought of", () => {
  const columns = new Columns(source([column("X", "email"), column("State", "status")]), STATUS, { column_mapping: {} });
  columns.choose(0, "status");
  equal([columns.isUnexplored(0), columns.isUnexplored(1)], [true, false]);

  columns.explore({ columns: [{ field: "status", unknown_words: [unknown("paused")] }, { field: null, unknown_words: [] }] });
  equal([columns.isUnexplored(0), columns.all[0].unknown_words.length], [false, 1]);
});

test("the order of dates is stated where it is another one than before, and remembered always", () => {
  const one = { reading: { decimal: "comma", date_order: "day_first" } };

  equal([orderOf({ one, order: "day_first" }), orderOf({ one, order: null })], [{}, { reading: { decimal: "comma" } }]);
  equal(orderOf({ one, order: "month_first" }), { reading: { decimal: "comma", date_order: "month_first" } });
  equal([rememberedReading({ one, order: "day_first" }), rememberedReading({ one, order: null })], [{ reading: one.reading }, {}]);
});

test("samples are the first values that differ", () => {
  equal(columnsOf([column("A", "email")], {}, [["x"], [""], ["x"], [" y "]]).all[0].samples, ["x", "y"]);
});

test("certainty has bars and a reason, until somebody chooses something else", () => {
  const columns = columnsOf([column("A", null, "email", 0.8)]);
  equal(columns.certainty(0), { bars: 2, why: ["words"] });
  columns.choose(0, "phone");
  equal(columns.certainty(0), null);
});

test("columns are lettered as in spreadsheets", () => {
  equal([0, 25, 26, 27, 701, 702].map(letterOf), ["A", "Z", "AA", "AB", "ZZ", "AAA"]);
});

test("a profile is found by the headers that it maps, the one with most of them first", () => {
  const profile = (name, resource, ...headers) => ({ name, resource, options: { column_mapping: Object.fromEntries(headers.map((header) => [header.toLowerCase(), header])) } });
  const profiles = [profile("a", "customer", "A"), profile("ab", "customer", "A", "B"), profile("abc", "customer", "A", "B", "C"), profile("other", "contact", "A", "B")];

  equal(fittingProfile(profiles, "customer", ["A", "B", "X"]).name, "ab");
  equal(fittingProfile(profiles, "customer", ["X"]), null);
});

test("a profile is named after the file, without what changes from week to week", () => {
  equal(["customers 2026-11-30.csv", "Kunden_März.xlsx", "1234.csv", "Shop export"].map((file) => nameOf(file, "customer")), ["customers", "Kunden_Ma-rz", "customer", "Shop-export"]);
});

test("of an import its columns, words, reading and rules are remembered, as far as they are stated", () => {
  const one = { action: "merge", column_mapping: { name: "Kunde" }, value_mapping: { status: { weg: "inactive" } }, reading: {}, match_by: [], merge_rules: {}, create_missing: [], max_failed: "5%" };

  equal(rememberedOf(one), { column_mapping: { name: "Kunde" }, action: "merge", value_mapping: { status: { weg: "inactive" } } });
});

test("where an import has stated no columns, those are remembered that were understood", () => {
  const one = { action: "create", column_mapping: {}, columns: [{ header: "E-Mail", field: "email" }, { header: "Fax", field: null }] };

  equal(rememberedOf(one), { column_mapping: { email: "E-Mail" }, action: "create" });
  equal([isRememberable(one), isRememberable({ ...one, is_preview: true }), isRememberable({ ...one, columns: [] })], [true, false, false]);
});
