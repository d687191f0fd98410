// Conditions on fields, all of which a record must fulfil.

import { Button } from "./frame.js";
import { labelOf, writableFields } from "./resources.js";
import { knows, list, t } from "./text.js";
import { h } from "./view.js";

const OPERATORS = {
  text: ["eq", "ne", "contains", "starts_with", "is_null", "is_not_null"],
  choice: ["eq", "ne", "is_null", "is_not_null"],
  date: ["date_after", "date_before", "is_null", "is_not_null"],
  number: ["eq", "gt", "lt", "is_null", "is_not_null"],
};
const KINDS = { choice: "choice", boolean: "choice", date: "date", datetime: "date", integer: "number", decimal: "number" };
const ALONE = new Set(["is_null", "is_not_null"]);

/** Whether a condition says of every record whether it fulfils it. One that does not must never choose all of them. */
export function isWhole(condition) {
  return ALONE.has(condition.operator) || condition.value.trim() !== "";
}

/** The group of conditions, as the API takes it; null without any. */
export function groupOf(conditions) {
  const group = conditions.map(({ field, operator, value }) => (ALONE.has(operator) ? { field, operator } : { field, operator, value }));
  return group.length ? { operator: "and", conditions: group } : null;
}

/** A group in words; null where it is not one of those that are made here. */
export function wordsOfGroup(resource, group) {
  const all = group?.operator === "and" ? group.conditions : [];
  if (!all.length || !all.every((one) => one.field && knows(`operator.${one.operator}`))) return null;
  return list(all.map(({ field, operator, value }) => [labelOf(resource, field), t(`operator.${operator}`), value === undefined ? "" : `“${value}”`].join(" ").trim()));
}

export function Conditions({ resource, conditions, onChange }) {
  const fields = [...writableFields(resource).filter((one) => one.stored), ...resource.fields.filter((one) => one.name === "created_at" || one.name === "updated_at")];
  const change = (at, with_) => onChange(conditions.map((one, n) => (n === at ? { ...one, ...with_ } : one)));
  const add = () => onChange([...conditions, { field: fields[0].name, operator: "eq", value: "" }]);
  return h("fieldset", { class: "wide conditions" }, h("legend", {}, h("b", {}, t("conditions"))),
    conditions.length > 1 ? h("p", { class: "soft" }, t("conditions.all")) : conditions.length ? null : h("p", { class: "soft" }, t("conditions.none")),
    conditions.map((one, at) => h(ConditionLine, { key: at, one, fields, resource, onChange: (with_) => change(at, with_), onRemove: () => onChange(conditions.filter((_, n) => n !== at)) })),
    h(Button, { kind: "small", onClick: add }, t("conditions.add")));
}

function ConditionLine({ one, fields, resource, onChange, onRemove }) {
  const field = fields.find((found) => found.name === one.field);
  const operators = OPERATORS[KINDS[field.type] ?? "text"];
  const chooseField = (event) => onChange({ field: event.target.value, operator: OPERATORS[KINDS[fields.find((found) => found.name === event.target.value).type] ?? "text"][0], value: "" });
  return h("div", { class: "condition" },
    h("select", { key: "field", class: "pick", "aria-label": t("conditions.field"), value: one.field, onChange: chooseField }, fields.map((found) => h("option", { key: found.name, value: found.name }, labelOf(resource, found.name)))),
    h("select", { key: "operator", class: "pick", "aria-label": t("conditions.operator"), value: one.operator, onChange: (event) => onChange({ operator: event.target.value }) }, operators.map((name) => h("option", { key: name, value: name }, t(`operator.${name}`)))),
    ALONE.has(one.operator) ? null : h(ConditionValue, { one, field, onChange }),
    h(Button, { kind: "small quiet", "aria-label": t("conditions.remove"), onClick: onRemove }, "✕"));
}

function ConditionValue({ one, field, onChange }) {
  const given = { "aria-label": t("conditions.value"), value: one.value, onInput: (event) => onChange({ value: event.target.value }) };
  const choices = field.type === "boolean" ? ["true", "false"] : field.choices;
  if (choices.length) return h("select", { class: "pick", ...given }, ["", ...choices].map((choice) => h("option", { key: choice, value: choice }, choice)));
  return h("input", { class: "text", type: KINDS[field.type] === "date" ? "date" : "text", ...given });
}
