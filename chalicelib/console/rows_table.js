// Rows of an import that has ended, a page at a time: what became of each, what changes in its record, what is wrong with it.

import { Button } from "./frame.js";
import { OutcomeWord } from "./outcomes.js";
import { LineInFile } from "./row_card.js";
import { decisive, saysOf, WHOLE_ROW } from "./problems.js";
import { labelOf } from "./resources.js";
import { number, t } from "./text.js";
import { Value } from "./value.js";
import { h } from "./view.js";

const ROWS_PER_PAGE = 50;
const CHANGES_SHOWN = 4;
const EMPTY_PAGES = 20;
const NAMES = /^(full[ _]?)?name$|^title$|company|firma|nom|nombre/i;

/** The rows of one import that fit a filter, as far as they were fetched. */
export class RowList {
  constructor(api, id) {
    Object.assign(this, { api, id, filter: {}, rows: null, cursor: null, isLoading: false });
  }

  async choose(filter) {
    Object.assign(this, { filter, rows: null, cursor: null });
    await this.load();
  }

  /** The first page. A page may be empty and lead on. */
  async load() {
    const filter = this.filter;
    let [rows, cursor] = [[], undefined];
    for (let page = 0; page < EMPTY_PAGES && !rows.length && cursor !== null; page++) [rows, cursor] = await this.#page(cursor);
    if (filter === this.filter) Object.assign(this, { rows, cursor });
  }

  async more() {
    const [rows, cursor] = await this.#page(this.cursor);
    Object.assign(this, { rows: [...this.rows, ...rows], cursor });
  }

  async #page(cursor) {
    const answer = await this.api.get(`/v1/imports/${this.id}/rows`, { ...this.filter, limit: ROWS_PER_PAGE, cursor });
    return [answer.data, answer.pagination.cursor];
  }
}

export function RowsTable({ list, resource, who, onMore, isFuture = false }) {
  const heads = [t("rows.row"), t(isFuture ? "rows.would_be" : "rows.is"), who, t("rows.what")];
  const rows = list.rows ?? [];
  const told = list.rows ? h("span", { class: "num" }, t("rows.shown", { count: rows.length })) : t("loading");
  return h("div", { class: "sheet" },
    h("div", { class: "tablebox", tabIndex: 0, role: "region", "aria-label": t("rows") },
      h("table", { class: "rows" },
        h("thead", {}, h("tr", {}, heads.map((head, at) => h("th", { key: at, scope: "col" }, head)))),
        h("tbody", {}, rows.map((row) => h(RowLine, { key: row.row_number, row, resource }))))),
    h("p", { class: "more" }, told, list.cursor ? h(Button, { kind: "small", onClick: onMore }, t("rows.more")) : null));
}

function RowLine({ row, resource }) {
  const [name, second] = personOf(row);
  return h("tr", {},
    h("td", { class: "row", "data-label": t("rows.row") }, number(row.row_number)),
    h("td", { class: "out" }, h(OutcomeWord, { of: row.outcome })),
    h("td", { class: "who" }, h("bdi", {}, name), h("span", {}, second)),
    h("td", { class: "what" }, h(WhatOfRow, { row, resource })));
}

/** What people know the row by: a name if there is one, and something else. */
function personOf(row) {
  if (row.given?.of_row !== undefined) return [row.given.record_id, row.given.of_row ? t("mend.row", { number: row.given.of_row }) : ""];
  const given = Array.isArray(row.given) ? row.given.map((value, at) => [String(at), value]) : Object.entries(row.given ?? {});
  const filled = given.filter(([, value]) => typeof value === "string" && value.trim());
  const name = filled.find(([header]) => NAMES.test(header)) ?? filled[0];
  const mail = filled.find(([, value]) => value !== name?.[1] && value.includes("@")) ?? filled.find(([, value]) => value !== name?.[1]);
  return [name?.[1] ?? "", mail?.[1] ?? ""];
}

function WhatOfRow({ row, resource }) {
  const problems = decisive(row.problems);
  if (row.outcome === "failed" || row.outcome === "skipped") return [problems.map((one, at) => h(WrongOfRow, { key: at, problem: one, row, resource })), h("p", { key: "line" }, h(LineInFile, { row: { number: row.row_number, line: row.line } }))];
  if (row.outcome === "unchanged") return h("span", { class: "soft" }, t("rows.same"));
  if (row.outcome === "deleted") return h("span", { class: "soft" }, t("rows.gone"));
  if (!row.changes) return problems.map((one, at) => h("p", { key: at, class: "say" }, saysOf(one, resource)));
  const known = new Set(personOf(row));
  const places = new Map(resource?.fields.map((field, at) => [field.name, at]));
  const changes = Object.entries(row.changes).filter(([field, { from, to }]) => field !== "id" && !(isNothing(from) && known.has(to)))
    .sort(([one], [other]) => (places.get(one) ?? places.size) - (places.get(other) ?? places.size));
  const more = changes.length - CHANGES_SHOWN;
  return [
    changes.slice(0, CHANGES_SHOWN).map(([field, change]) => h(ChangeOfRow, { key: field, field, change, resource })),
    more > 0 ? h("p", { key: "more", class: "say" }, t("rows.fields_more", { count: more })) : null,
  ];
}

function ChangeOfRow({ field, change, resource }) {
  const isNew = isNothing(change.from);
  const after = change.to === null ? h("span", { class: "empty" }, t("value.empty")) : h(isNew ? "span" : "ins", {}, h(Value, { of: change.to }));
  const before = isNew ? null : [h("del", { key: "del" }, h(Value, { of: change.from })), " ", h("span", { key: "to", class: "soft", role: "img", "aria-label": t("rows.becomes") }, "→"), " "];
  return h("p", { class: "change" }, h("span", { class: "f" }, labelOf(resource, field)), h("span", {}, before, after));
}

function isNothing(value) {
  return value === null || value === undefined;
}

function WrongOfRow({ problem, row, resource }) {
  const place = WHOLE_ROW.has(problem.code) || !problem.field ? t("rows.whole") : labelOf(resource, problem.field);
  const value = problem.value ?? (WHOLE_ROW.has(problem.code) && Array.isArray(row.given) ? row.given.join(", ") : null);
  if (problem.severity === "skip") return h("p", { class: "say" }, saysOf(problem, resource));
  return [
    h("p", { key: "value", class: "change" }, h("span", { class: "f" }, place), value ? h("span", { class: "bad" }, h(Value, { of: value })) : h("span", { class: "empty" }, t("value.empty"))),
    h("p", { key: "say", class: "change" }, h("span", {}), h("span", { class: "say" }, saysOf(problem, resource))),
  ];
}
