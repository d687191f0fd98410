// Words, numbers and times in the language of the page. A word is a text with {places}, or a text for each plural form,
// of which `count` decides; numbers in places are written as the language writes them.

import { LANGUAGE, WORDS } from "./dictionary.js";

const PLURALS = new Intl.PluralRules(LANGUAGE);
const NUMBERS = new Intl.NumberFormat(LANGUAGE);
const TIMES = new Intl.DateTimeFormat(LANGUAGE, { dateStyle: "medium", timeStyle: "short" });
const DAYS = new Intl.DateTimeFormat(LANGUAGE, { day: "numeric", month: "long" });
const CALENDAR = new Intl.DateTimeFormat(LANGUAGE, { dateStyle: "long", timeZone: "UTC" });
const AGO = new Intl.RelativeTimeFormat(LANGUAGE, { numeric: "auto" });
const STEPS = [["second", 60], ["minute", 60], ["hour", 24], ["day", 7], ["week", 5]];

export function t(key, facts = {}) {
  return parts(key, facts).join("");
}

/** The same as a list, in which elements may stand in the places. */
export function parts(key, facts = {}) {
  const word = WORDS[key];
  const text = word && typeof word === "object" ? word[PLURALS.select(facts.count ?? 0)] ?? word.other : word ?? key;
  return text.split(/\{(\w+)\}/).map((part, at) => (at % 2 ? written(facts[part]) : part)).filter((one) => one !== "");
}

export function knows(key) {
  return key in WORDS;
}

/** The names of the places of a word that is one text. */
export function placesOf(key) {
  return [...String(WORDS[key] ?? "").matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
}

function written(value) {
  return typeof value === "number" ? number(value) : value ?? "";
}

export function number(value, digits = 0) {
  return digits ? new Intl.NumberFormat(LANGUAGE, { maximumFractionDigits: digits }).format(value) : NUMBERS.format(value);
}

export function percent(part, digits = 0) {
  return new Intl.NumberFormat(LANGUAGE, { style: "percent", maximumFractionDigits: digits }).format(part);
}

export function size(bytes) {
  const [unit, of] = bytes >= 1e9 ? ["gigabyte", 1e9] : bytes >= 1e6 ? ["megabyte", 1e6] : ["kilobyte", 1e3];
  const digits = bytes / of < 10 ? 1 : 0;
  return new Intl.NumberFormat(LANGUAGE, { style: "unit", unit, maximumFractionDigits: digits }).format(bytes / of);
}

export function time(epochS) {
  return TIMES.format(epochS * 1000);
}

export function day(epochS) {
  return DAYS.format(epochS * 1000);
}

/** A text such as 2024-04-03 as people write a date; any other as it is. */
export function dateOr(text) {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) ? CALENDAR.format(new Date(`${text}T00:00:00Z`)) : text;
}

/** A duration in words, such as "about 4 min". */
export function duration(seconds) {
  const [unit, of] = seconds >= 5400 ? ["hour", 3600] : seconds >= 90 ? ["minute", 60] : ["second", 1];
  return new Intl.NumberFormat(LANGUAGE, { style: "unit", unit, unitDisplay: "short" }).format(Math.max(1, Math.round(seconds / of)));
}

export function ago(epochS, nowS = Date.now() / 1000) {
  let [value, at] = [epochS - nowS, 0];
  while (at < STEPS.length - 1 && Math.abs(value) >= STEPS[at][1]) value /= STEPS[at++][1];
  return Math.abs(epochS - nowS) > 30 * 86400 ? time(epochS) : AGO.format(Math.round(value), STEPS[at][0]);
}

export function list(values) {
  return new Intl.ListFormat(LANGUAGE, { type: "conjunction" }).format(values);
}

export function anyOf(values) {
  return new Intl.ListFormat(LANGUAGE, { type: "disjunction" }).format(values);
}
