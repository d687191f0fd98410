// Columns: what is suggested, what somebody chooses, and what an import is told of it.

import { Columns } from "/modules/column_choices.js";
import { letterOf } from "/modules/column_table.js";
import { fittingProfile, nameOf } from "/modules/remembering.js";
import { equal, test } from "./harness.js";

const RESOURCE = { fields: [{ name: "name", required: true }, { name: "email" }, { name: "phone" }, { name: "customer_since", type: "date" }, { name: "first_name" }, { name: "last_name" }] };
const column = (header, field, suggested = field, confidence = suggested ? 0.95 : 0) => ({ header, field, why: "name", suggested, confidence, candidates: suggested ? [{ field: suggested, confidence, why: ["words"] }] : [] });
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

test("a date that could be two is asked about, wherever it stands", () => {
  const dates = (rows) => columnsOf([column("Since", "customer_since")], {}, rows).doubtfulDate(0);

  equal([dates([["2024-04-03"], ["03/04/2024"]]), dates([["31/04/2024"], ["04/04/2024"]]), dates([])], ["03/04/2024", null, null]);
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
