// The list of fixes above the sheet: each mends all rows that are alike, and can be taken back.

import { fixesOf } from "./alike.js";
import { Button } from "./frame.js";
import { number, t } from "./text.js";
import { Value } from "./value.js";
import { h } from "./view.js";

const MOST_CHOICES = 5;

/** The fixes of a sheet, each with its state: how many rows are left that it would mend. */
export function fixesShown(cells, edits, rows) {
  const fixes = fixesOf(cells, rows.isRequired).map((fix) => ({ ...fix, edits: fix.cells.map(({ number: row, header, to }) => ({ number: row, header, value: to })), example: { from: fix.value, to: fix.cells[0].to } }));
  const joined = rows.joinable(cells);
  if (joined.length) {
    const first = joined.filter((one) => one.number === joined[0].number);
    const changed = first.find((one) => one.value.includes(","));
    fixes.push({ name: "join", edits: joined, example: { from: changed?.value.replace(/, ?/, "⎹"), to: changed?.value } });
  }
  const isOpen = (one) => edits.value(one.number, one.header) !== one.value;
  return fixes.map((fix) => ({ ...fix, left: new Set(fix.edits.filter(isOpen).map((one) => one.number)).size }));
}

export function AlikeFixes({ fixes, choices, edits, onEdit }) {
  if (!fixes.length && !choices.length) return null;
  return h("section", { class: "sheet alike", "aria-label": t("alike") },
    h("h2", {}, t("alike"), " ", h("span", {}, t("alike.lead"))),
    h("ul", {}, fixes.map((fix) => h(FixLine, { key: fix.name, fix, onEdit })), choices.slice(0, MOST_CHOICES).map((one) => h(ChoiceLine, { key: `choice ${one.value}`, one, edits, onEdit }))));
}

function FixLine({ fix, onEdit }) {
  const isDone = !fix.left;
  const undone = fix.edits.map((one) => ({ ...one, value: undefined }));
  const button = isDone ? h(Button, { kind: "small quiet", onClick: () => onEdit(undone) }, t("alike.take_back"))
    : h(Button, { kind: "small", onClick: () => onEdit(fix.edits) }, t("alike.fix", { number: number(fix.left) }));
  return h("li", { class: isDone ? "did" : null },
    h("p", {}, isDone ? "✓ " : null, t(`fix.${fix.name}`)),
    h("p", { class: "value" }, h("del", {}, h(Value, { of: fix.example.from })), " → ", fix.example.to === "" ? h("ins", {}, t("alike.empty")) : h("ins", {}, h(Value, { of: fix.example.to }))),
    button);
}

function ChoiceLine({ one, edits, onEdit }) {
  const now = edits.value(one.cells[0].number, one.cells[0].header);
  const choose = (event) => onEdit(one.cells.map((cell) => ({ number: cell.number, header: cell.header, value: event.target.value === "-" ? undefined : event.target.value })));
  const options = [["-", t("alike.choose")], ...one.choices.map((choice) => [choice, choice]), ["", t("alike.empty")]];
  return h("li", { class: now === undefined ? null : "did" },
    h("p", {}, now === undefined ? null : "✓ ", h(Value, { of: one.value }), " ", h("span", { class: "soft num" }, `× ${number(one.cells.length)}`)),
    h("p", { class: "soft" }, t("alike.means")),
    h("select", { class: "pick", "aria-label": t("alike.means_of", { value: one.value }), value: now ?? "-", onChange: choose }, options.map(([value, word]) => h("option", { key: value, value }, word))));
}
