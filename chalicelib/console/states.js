// What state an import is in, which of its steps that is, and where its steps are.

import { t } from "./text.js";

export const FINAL = new Set(["completed", "failed", "timed_out", "expired"]);

export function hasEnded(one) {
  return FINAL.has(one.status);
}

export function isConfirmable(one, nowS = Date.now() / 1000) {
  return one.is_preview && one.status === "completed" && !one.confirmed_as && (one.confirm_until ?? 0) > nowS;
}

/** Whether faulty rows of a preview can be mended before it is confirmed. Whoever deletes records has first to say how many. */
export function isMendableBefore(one) {
  return isConfirmable(one) && one.stats.failed > 0 && !one.stats.overwritten;
}

/** The address of an import: of the step that it waits at. */
export function addressOf(one) {
  const at = `#/imports/${one.id}`;
  if (one.held) return `${at}/columns`;
  if (one.is_preview) return `${at}/check`;
  return hasEnded(one) ? `${at}/result` : `${at}/import`;
}

/** The steps that one may go back to from an import, or from the preview that it was made of. */
export function stepsOf(one, app) {
  const preview = one.is_preview ? one.id : one.preview_of;
  const isSettled = app.embedded && !(one.is_preview && !one.confirmed_as);
  return { file: isSettled ? null : "#/new", check: preview ? `#/imports/${preview}/check` : null, import: null };
}

/** What a page that embeds the importer is told of an import. */
export function factsOf(one) {
  const { total, created, updated, unchanged, deleted, skipped, failed, unprocessed } = one.stats;
  return { import_id: one.id, status: one.status, reason: one.reason, counts: { total, created, updated, unchanged, deleted, skipped, failed, unprocessed } };
}

/** A word for a state, and the outcome whose colour it has. */
export function stateOf(one) {
  if (one.held) return [t("state.held"), "updated"];
  if (isConfirmable(one)) return [t("state.checked"), "updated"];
  if (one.is_preview && one.status === "completed") return [t(one.confirmed_as ? "state.confirmed" : "state.lapsed"), "unchanged"];
  if (one.reverted) return [t("state.reverted"), "unchanged"];
  if (one.reason === "canceled") return [t("state.canceled"), "unchanged"];
  if (one.undo_of && one.status === "completed") return [t("state.undo"), "created"];
  if (one.status === "completed") return one.stats.failed ? [t("state.partly"), "skipped"] : [t("state.completed"), "created"];
  if (hasEnded(one)) return [t(`state.${one.status}`), "failed"];
  return [t(`state.${one.is_preview && one.status !== "requested" ? "checking" : one.status}`), "updated"];
}

/** The limit that stopped an import, from its reason: `max_failed: 612 of 10000 rows, limit 5%`. */
export function stoppedBy(one) {
  const found = /^(max_failed|max_deleted): (\d+) of (\d+) \w+, limit (\S+)/.exec(one.reason ?? "");
  return found && { name: found[1], count: Number(found[2]), all: Number(found[3]), limit: found[4] };
}
