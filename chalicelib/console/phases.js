// The seven phases of an import while they run: how far each has come, and how many rows have left there.

import { number, t } from "./text.js";
import { h } from "./view.js";

const ENDED = new Set(["completed", "skipped", "failed"]);

export function Phases({ one }) {
  const running = one.phases.find((phase) => !ENDED.has(phase.status))?.name;
  return h("ol", { class: "sheet phases" }, one.phases.map((phase) => h(PhaseLine, { key: phase.name, phase, isRunning: phase.name === running && one.status === "processing" })));
}

function PhaseLine({ phase, isRunning }) {
  const kind = isRunning ? "running" : phase.status;
  const part = phase.status === "completed" ? 100 : phase.total ? (100 * phase.processed) / phase.total : 0;
  const left = phase.error ? h("span", { class: "left" }, t("phase.left", { count: phase.error })) : h("span", {});
  const told = phase.status === "skipped" ? t("phase.skipped") : phase.total ? t("phase.rows", { done: number(phase.processed), all: number(phase.total) }) : "";
  return h("li", { class: `phase ${kind}`, "aria-current": isRunning ? "step" : null },
    h("span", { class: "sign", "aria-hidden": "true" }, kind === "completed" ? "✓" : kind === "skipped" ? "–" : kind === "failed" ? "!" : ""),
    h("span", { class: "name" }, h("b", {}, t(`phase.${phase.name}`)), h("small", {}, t(`phase.${phase.name}.does`))),
    h("span", { class: "num told" }, told),
    left,
    h("i", { class: "track", style: { "--p": `${part}%` } }));
}
