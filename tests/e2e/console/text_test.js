// Words, numbers, routes and values.

import { routeOf } from "/modules/router.js";
import { isConfirmable, stateOf, stoppedBy } from "/modules/states.js";
import { dateOr, parts, size, t } from "/modules/text.js";
import { saysOf } from "/modules/problems.js";
import { Value } from "/modules/value.js";
import { h, render } from "/modules/view.js";
import { pastedFile, typeOf } from "/modules/drop.js";
import { equal, test } from "./harness.js";

test("a count chooses the plural form and is written as the language writes it", () => {
  equal([t("rows.shown", { count: 1 }), t("rows.shown", { count: 12345 })], ["1 row shown", "12,345 rows shown"]);
});

test("a word that is not there is its key", () => equal(t("no.such.word"), "no.such.word"));

test("elements may stand in the places of a word", () => {
  equal(parts("file.send", { name: "x" }), ["Send ", "x"]);
});

test("sizes and dates are written for people", () => {
  equal([size(1_600_000), size(900), dateOr("2024-04-03"), dateOr("soon")], ["1.6 MB", "0.9 kB", "April 3, 2024", "soon"]);
});

test("an address finds its screen and its parameters", () => {
  const routes = [["/", "list"], ["/imports/:id/check", "check"]];
  const found = routeOf("#/imports/imp_1/check?page=2", routes);

  equal([found.screen, found.params.id, found.params.query.get("page")], ["check", "imp_1", "2"]);
  equal([routeOf("#/", routes).screen, routeOf("", routes).screen, routeOf("#/imports", routes)], ["list", "list", null]);
  equal(routeOf("#/imports/%E0%A4%A/check", routes).params.id, "%E0%A4%A");
});

test("white space and control characters that would deceive are drawn", () => {
  render(h(Value, { of: " a\u0007b  c\nd\u200b" }), document.body);

  equal(document.body.textContent, "␣a␇b␣␣c↵d␣");
  equal([...document.querySelectorAll(".ws")].map((one) => one.title), ["U+0020", "U+0007", "U+0020", "U+000A", "U+200B"]);
});

test("values that are lists or objects are shown as they are written", () => {
  render(h(Value, { of: { plan: "gold" } }), document.body);

  equal(document.body.textContent, '{"plan":"gold"}');
});

test("a problem is told with its facts, and in the service's words where it has too few", () => {
  const problem = { code: "ambiguous_date", facts: { readings: "2024-04-03 or 2024-03-04" }, message: "No.", hint: "Do." };

  equal(saysOf(problem), "Could be April 3, 2024 or March 4, 2024. Write it as 2024-04-03.");
  equal(saysOf({ ...problem, facts: {} }), "No. Do.");
  equal(saysOf({ code: "new_code", facts: {}, message: "No.", hint: "" }), "No.");
  const double = { code: "duplicate_in_source", field: "external_id", facts: { first: "13" }, message: "No.", hint: "Do." };
  equal(saysOf(double, { fields: [{ name: "external_id", label: "External ID" }] }), "Same External ID as row 13, which is kept.");
});

test("a limit that stopped an import is read from its reason", () => {
  equal(stoppedBy({ reason: "max_failed: 612 of 10000 rows, limit 5%" }), { name: "max_failed", count: 612, all: 10000, limit: "5%" });
  equal([stoppedBy({ reason: null }), stoppedBy({ reason: "canceled" })], [null, null]);
});

test("a preview can be confirmed until its time is over", () => {
  const preview = { is_preview: true, status: "completed", confirmed_as: null, confirm_until: 100, stats: {} };

  equal([isConfirmable(preview, 99), isConfirmable(preview, 100), isConfirmable({ ...preview, confirmed_as: "imp_2" }, 99)], [true, false, false]);
  equal(stateOf({ status: "failed", reason: "canceled", stats: {} })[0], "Canceled");
});

test("pasted cells are a file", async () => {
  const clipboardData = { files: [], getData: () => "name\temail\nJane\tjane@x.org" };
  const file = pastedFile({ clipboardData }, "Pasted");

  equal([file.name, await file.text()], ["Pasted.tsv", "name\temail\nJane\tjane@x.org"]);
  equal(pastedFile({ clipboardData: { files: [], getData: () => "one word" } }, "Pasted"), null);
  equal([typeOf({ name: "a.CSV", type: "" }), typeOf({ name: "a", type: "" })], ["text/csv", "application/octet-stream"]);
});
