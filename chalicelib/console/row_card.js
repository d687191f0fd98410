// One row at a time, for narrow screens: the faulty field as an input, the rest of the row below it.

import { Button } from "./frame.js";
import { saysOf, WHOLE_ROW } from "./problems.js";
import { t } from "./text.js";
import { Value } from "./value.js";
import { h } from "./view.js";

const NARROW = matchMedia("(max-width: 46rem)");

export function isNarrow() {
  return NARROW.matches;
}

export function RowCard({ model, at, onEdit, onMove }) {
  const row = Math.min(at?.row ?? at ?? 0, model.count - 1);
  if (row < 0) return null;
  const one = model.rows[row];
  const isWhole = one.problems.some((problem) => WHOLE_ROW.has(problem.code));
  const shown = model.columns.map((column, n) => ({ ...column, n, value: model.value(row, n) }));
  const faulty = isWhole ? shown.filter(({ n }) => model.isEditable(row, n)) : shown.slice(0, 1);
  return h("section", { class: "sheet card", "aria-label": t("mend.row", { number: one.number }) },
    h("header", {}, h("span", { class: "num" }, t("mend.at", { at: row + 1, count: model.count, number: one.number }))),
    faulty.map((column) => h(CardField, { key: `${one.number} ${column.header}`, column, model, row, onEdit })),
    h("p", { class: "say", id: "card-says" }, one.problems.map((problem) => saysOf(problem)).join(" "), " ", h(LineInFile, { row: one })),
    isWhole ? null : h("dl", {}, shown.slice(1).filter(({ value }) => value).map(({ header, label, value }) => [h("dt", { key: `${header} dt` }, label), h("dd", { key: header }, h(Value, { of: value, class: "" }))])),
    h("div", { class: "both" },
      h(Button, { onClick: () => onMove({ row: Math.max(0, row - 1) }) }, t("mend.previous")),
      h(Button, { onClick: () => onMove({ row: (row + 1) % model.count }) }, t("mend.next"))));
}

/** Where people find the row in their file: a header, and empty lines, are no rows. */
export function LineInFile({ row }) {
  return row.line && row.line !== row.number ? h("span", { class: "soft" }, t("rows.line", { line: row.line })) : null;
}

function CardField({ column, model, row, onEdit }) {
  const change = (event) => onEdit(model.edit([{ row, column: column.n, value: event.target.value }]));
  const isBad = model.fault(row, column.n) === "bad";
  return h("label", { class: "line" }, h("b", {}, column.label),
    h("input", { class: isBad ? "bad" : "mended", value: column.value, "aria-invalid": isBad ? "true" : null, "aria-describedby": "card-says", onChange: change }));
}
