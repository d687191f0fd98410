// The seven phases of an import while they run: how far each has come, and how many rows have left there.

import { number, t } from "./text.js";
import { h } from "./view.js";

const ENDED = new Set(["completed", "skipped", "failed"]);
// How much there is to read, or to clean up, shows only on the way: until their end they have no "of".
const OPEN_ENDED = new Set(["prevalidation", "cleanup"]);

export function Phases({ one }) {
  const running = one.phases.find((phase) => !ENDED.has(phase.status))?.name;
  return h("ol", { class: "sheet phases" }, one.phases.map((phase) => h(PhaseLine, { key: phase.name, phase, isRunning: phase.name === running && one.status === "processing" })));
}

function toldOf({ processed, total }, isOpen) {
  return isOpen ? t("phase.so_far", { done: number(processed) }) : t("phase.rows", { done: number(processed), all: number(total) });
}

function PhaseLine({ phase, isRunning }) {
  const kind = isRunning ? "running" : phase.status;
  const isOpen = isRunning && OPEN_ENDED.has(phase.name);
  const part = phase.status === "completed" ? 100 : phase.total && !isOpen ? (100 * phase.processed) / phase.total : 0;
  const left = phase.error ? h("span", { class: "left" }, t("phase.left", { count: phase.error })) : h("span", {});
  const told = phase.status === "skipped" ? t("phase.skipped") : phase.total ? toldOf(phase, isOpen) : "";
  return h("li", { class: `phase ${kind}`, "aria-current": isRunning ? "step" : null },
    h("span", { class: "sign", "aria-hidden": "true" }, kind === "completed" ? "✓" : kind === "skipped" ? "–" : kind === "failed" ? "!" : ""),
    h("span", { class: "name" }, h("b", {}, t(`phase.${phase.name}`)), h("small", {}, t(`phase.${phase.name}.does`))),
    h("span", { class: "num told" }, told),
    left,
    h("i", { class: "track", style: { "--p": `${part}%` } }));
}
