// What becomes of rows, in the order in which it is told. Each outcome has a sign, a word and a colour, never a colour alone.

import { number, t } from "./text.js";
import { h } from "./view.js";

export const OUTCOMES = ["created", "updated", "unchanged", "deleted", "skipped", "failed", "unprocessed"];

const SIGNS = { created: "+", updated: "±", unchanged: "=", deleted: "−", skipped: "»", failed: "!", unprocessed: "…" };

export function Mark({ of }) {
  return h("span", { class: `mark ${of}`, "aria-hidden": "true" }, SIGNS[of]);
}

export function OutcomeWord({ of }) {
  return h("span", { class: `outcome ${of}` }, h(Mark, { of }), t(`outcome.${of}`));
}

/** How many rows were written, or would be. */
export function writtenRows(stats) {
  return stats.created + stats.updated + stats.deleted;
}

/** A bar of all outcomes that there are, each as wide as its part. */
export function OutcomeBar({ stats, small = false }) {
  const there = OUTCOMES.filter((one) => stats[one]);
  const label = there.map((one) => `${number(stats[one])} ${t(`outcome.${one}`)}`).join(", ");
  const parts = there.map((one) => h("i", { key: one, class: one, style: { flex: String(stats[one]) } }));
  return h("div", { class: small ? "bar small" : "bar", role: "img", "aria-label": label || t("outcome.none") }, parts);
}

/** Buttons that choose which rows are shown. */
export function OutcomeChips({ stats, chosen, onChoose }) {
  const there = OUTCOMES.filter((one) => stats[one]);
  const all = chip(null, [h("span", {}, t("outcome.all"))], stats.total, chosen, onChoose);
  const rest = there.map((one) => chip(one, [h(Mark, { of: one }), h("span", {}, t(`outcome.${one}`))], stats[one], chosen, onChoose));
  return h("div", { class: "chips", role: "group", "aria-label": t("rows.show") }, all, rest);
}

function chip(name, words, count, chosen, onChoose) {
  const pressed = name === (chosen ?? null);
  return h("button", { key: name ?? "all", type: "button", class: "chip", "aria-pressed": String(pressed), onClick: () => onChoose(name) },
    words, h("b", {}, number(count)));
}
