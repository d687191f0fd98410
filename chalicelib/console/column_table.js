// A line for each column of the file: its letter, header and first values, and the field that it feeds.

import { WordQuestions, wordsAsked } from "./column_words.js";
import { labelOf, writableFields } from "./resources.js";
import { dateOr, t } from "./text.js";
import { Value } from "./value.js";
import { h } from "./view.js";

export function ColumnTable({ columns, resource, choices, act }) {
  const asking = columns.all.findIndex((_, at) => columns.dates(at) && !columns.dates(at).order);
  const lines = columns.all.flatMap((one) => {
    const questions = questionsOf(one, { columns, resource, choices, act, isAsking: one.at === asking });
    return [h(ColumnLine, { key: one.at, one, columns, resource, onChoose: act.choose, asks: questions.length > 0 }), ...questions];
  });
  const heads = [h("th", { key: 1, scope: "col" }, t("columns.yours")), h("td", { key: 2 }), h("th", { key: 3, scope: "col" }, t("columns.ours"))];
  return h("div", { class: "sheet" }, h("table", { class: "columns" }, h("thead", {}, h("tr", {}, heads)), h("tbody", {}, lines)));
}

/** What is to be asked about a column, or told, below it. */
function questionsOf(one, { columns, resource, choices, act, isAsking }) {
  const dates = columns.dates(one.at);
  const field = resource.fields.find((found) => found.name === one.field);
  const questions = [];
  if (isAsking) questions.push(h(DateQuestion, { key: `order ${one.at}`, value: dates.unclear, order: choices.order, onOrder: act.order }));
  else if (dates?.order) questions.push(h(DateProof, { key: `proof ${one.at}`, dates }));
  if (field && wordsAsked(one, choices.words).length) questions.push(h(WordQuestions, { key: `words ${one.at}`, column: one, field, label: labelOf(resource, field.name), meanings: choices.words, onSay: act.say }));
  return questions;
}

function ColumnLine({ one, columns, resource, onChoose, asks }) {
  const samples = one.samples.map((sample) => h("span", { key: sample }, h(Value, { of: sample, class: "" })));
  const header = one.header ? h("bdi", {}, one.header) : h("span", { class: "empty" }, t("columns.no_header"));
  return h("tr", { class: [one.field ? "" : "unread", asks ? "asks" : ""].join(" ").trim() || null },
    h("td", {}, h("p", { class: "header" }, h("i", {}, letterOf(one.at)), header), h("div", { class: "samples" }, samples)),
    h("td", { "aria-hidden": "true" }, "→"),
    h("td", {}, h(FieldChoice, { one, columns, resource, onChoose }), h(Why, { one, columns, resource })));
}

function FieldChoice({ one, columns, resource, onChoose }) {
  const likely = one.candidates.map((found) => found.field);
  const others = writableFields(resource).map((field) => field.name).filter((name) => !likely.includes(name));
  const taken = new Set(columns.all.filter((other) => other.at !== one.at && other.field).map((other) => other.field));
  const option = (name) => h("option", { key: name, value: name }, taken.has(name) ? t("columns.taken", { field: labelOf(resource, name) }) : labelOf(resource, name));
  return h("select", { class: one.field ? "pick" : "pick none", "aria-label": t("columns.field_for", { header: one.header }), value: one.field ?? "", disabled: !one.header, onChange: (event) => onChoose(one.at, event.target.value) },
    h("option", { key: "", value: "" }, t("columns.leave_out")), likely.map(option), others.map(option));
}

function Why({ one, columns, resource }) {
  const certainty = columns.certainty(one.at);
  const isRequired = writableFields(resource).some((field) => field.name === one.field && field.required);
  const required = isRequired ? h("span", { key: "required" }, `· ${t("columns.required")}`) : null;
  if (!one.field) return h("p", { class: "why" }, one.candidates.length ? t("columns.not_read") : t("columns.no_field"));
  if (!certainty) return h("p", { class: "why" }, t("columns.by_hand"), required);
  const bars = h("span", { class: "sure", "data-of": certainty.bars, role: "img", "aria-label": t(`sure.${certainty.bars}`) }, [1, 2, 3].map((n) => h("i", { key: n })));
  return h("p", { class: "why" }, bars, certainty.why.length ? t(`why.${certainty.why[0]}`) : null, required);
}

/** The value as a date that is read in this order. */
function dateIn(order, value) {
  const [, first, second, year] = /(\d{1,2})[./-](\d{1,2})[./-](\d{4})/.exec(value);
  const [month, dayOfMonth] = order === "day_first" ? [second, first] : [first, second];
  return dateOr(`${year}-${month.padStart(2, "0")}-${dayOfMonth.padStart(2, "0")}`);
}

function DateQuestion({ value, order, onOrder }) {
  const choices = [["day_first", dateIn("day_first", value)], ["month_first", dateIn("month_first", value)], [null, t("columns.ask_each")]];
  return h("tr", { class: "answer" }, h("td", { colSpan: 3 }, h("fieldset", { class: "ask" },
    h("legend", { class: "sr" }, t("columns.which_date", { value })),
    h("b", { "aria-hidden": "true" }, h("span", { class: "mark skipped" }, "?"), " ", t("columns.which_date", { value })),
    choices.map(([name, words]) => h("label", { key: String(name), class: "choice" }, h("input", { type: "radio", name: "order", checked: order === name, onChange: () => onOrder(name) }), h("span", {}, words))))));
}

/** A value that can be read in one way only has settled the others. */
function DateProof({ dates }) {
  const said = t("columns.date_proved", { value: dates.unclear, date: dateIn(dates.order, dates.unclear), proof: dates.proof });
  return h("tr", { class: "answer" }, h("td", { colSpan: 3 }, h("p", { class: "soft" }, h("span", { class: "mark created", "aria-hidden": "true" }, "✓"), " ", said)));
}

/** A, B, … Z, AA, AB, … */
export function letterOf(at) {
  return at < 26 ? String.fromCharCode(65 + at) : letterOf(Math.floor(at / 26) - 1) + letterOf(at % 26);
}
