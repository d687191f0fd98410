// Problems of rows in the language of the page: by code, with the facts of each; the service's own words where ours lack one.

import { labelOf } from "./resources.js";
import { anyOf, dateOr, knows, placesOf, t } from "./text.js";
import { textOf } from "./value.js";

export const WHOLE_ROW = new Set(["row_too_short", "row_too_long", "line_end_in_row", "unclosed_quote", "misplaced_quote"]);

export function titleOf(code) {
  return knows(`fault.${code}`) ? t(`fault.${code}`) : code.replaceAll("_", " ");
}

/** What is wrong, and what to do: one sentence or two. Fields are called as the resource calls them. */
export function saysOf(problem, resource = null) {
  const facts = { ...problem.facts, value: textOf(problem.value), ...(problem.field ? { field: labelOf(resource, problem.field) } : {}) };
  if (typeof facts.choices === "string") facts.choices = anyOf(facts.choices.split(", "));
  if (typeof facts.readings === "string") Object.assign(facts, { readings: anyOf(facts.readings.split(" or ").map(dateOr)), first: facts.readings.split(" or ")[0] });
  const key = `says.${problem.code}`;
  const isWhole = knows(key) && placesOf(key).every((name) => name in facts);
  return isWhole ? t(key, facts) : [problem.message, problem.hint].filter(Boolean).join(" ");
}

/** The problems that decide on a row: its errors, or why it was skipped, or else its warnings. */
export function decisive(problems) {
  const errors = problems.filter((one) => one.severity !== "warning");
  return errors.length ? errors : problems;
}
