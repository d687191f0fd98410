// Why rows failed or were skipped: by kind, how many, with one example; and what was found out about the whole file.

import { Skeleton } from "./frame.js";
import { saysOf, titleOf } from "./problems.js";
import { number, t } from "./text.js";
import { Value } from "./value.js";
import { h } from "./view.js";

const MOST = 12;

/** The codes of an import with their counts, the most frequent first, and of each a row that has it. */
export async function reasonsOf(api, one) {
  const codes = Object.entries(one.problems).sort(([, a], [, b]) => b - a).slice(0, MOST);
  return Promise.all(codes.map(async ([code, count]) => {
    const { data } = await api.get(`/v1/imports/${one.id}/rows`, { code, limit: 1 });
    const problem = data[0]?.problems.find((found) => found.code === code);
    return { code, count, example: problem?.value ?? null, severity: problem?.severity ?? "error" };
  }));
}

export function Reasons({ one, reasons, chosen, onChoose }) {
  if (!Object.keys(one.problems).length) return null;
  const known = reasons ?? [];
  const most = Math.max(1, ...known.map((reason) => reason.count));
  const lines = (isWanted) => known.filter(isWanted).map((reason) => h(Reason, { key: reason.code, reason, most, isChosen: chosen === reason.code, onChoose }));
  const faults = lines((reason) => reason.severity === "error");
  const others = lines((reason) => reason.severity !== "error");
  return h("section", { class: "sheet reasons", "aria-label": t("reasons") },
    faults.length || !reasons ? h("h2", { key: "faults" }, t("reasons.failed", { count: one.stats.failed })) : null,
    faults, reasons ? null : h(Skeleton, { rows: 3 }),
    others.length ? h("h2", { key: "others" }, t("reasons.others")) : null, others);
}

function Reason({ reason, most, isChosen, onChoose }) {
  const kind = reason.severity === "error" ? "failed" : "skipped";
  return h("button", { type: "button", class: `reason ${kind}`, "aria-pressed": String(isChosen), onClick: () => onChoose(isChosen ? null : reason.code) },
    h("b", {}, titleOf(reason.code)),
    h("span", { class: "num" }, number(reason.count)),
    reason.example ? h("small", {}, h(Value, { of: reason.example })) : null,
    h("i", { style: { "--p": `${(100 * reason.count) / most}%` } }));
}

/** What was found out about the file as a whole. */
export function Findings({ one }) {
  if (!one.findings.length) return null;
  return h("details", { class: "findings" },
    h("summary", {}, t("findings", { count: one.findings.length })),
    h("ul", {}, one.findings.map((found, at) => h("li", { key: at }, saysOf({ ...found, facts: {} })))));
}
