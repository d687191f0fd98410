// The last step: what has become of the rows, and what can be done now.

import { Button, Foot, Head, ImportBar, Main, Note, Skeleton, Steps } from "./frame.js";
import { OutcomeBar, OutcomeChips, writtenRows } from "./outcomes.js";
import { poll } from "./polling.js";
import { Findings, Reasons, reasonsOf } from "./reasons.js";
import { pluralOf, resourceOf, singularOf } from "./resources.js";
import { RowList, RowsTable } from "./rows_table.js";
import { follow } from "./saving.js";
import { factsOf, hasEnded, stepsOf, stoppedBy } from "./states.js";
import { day, t } from "./text.js";
import { Undo, UndoButton, UndoNote } from "./undo.js";
import { h } from "./view.js";

export function resultScreen(app, { id }, signal) {
  const state = { one: null, resource: null, rows: new RowList(app.api, id), reasons: null, undo: new Undo(app, id, signal) };

  async function look() {
    state.one = (await app.api.get(`/v1/imports/${id}`)).data;
    state.resource ??= await resourceOf(app.api, state.one.resource);
    app.draw();
    return hasEnded(state.one);
  }

  async function load() {
    await poll(look, signal);
    if (signal.aborted) return;
    app.announce(titleOfResult(state.one));
    app.tell("completed", factsOf(state.one));
    if (!state.one.stats.total) return;
    await state.rows.load();
    app.draw();
    state.reasons = await reasonsOf(app.api, state.one);
  }

  async function save(name) {
    const { data } = await app.api.get(`/v1/imports/${id}`, { [`include_${name}`]: "true" });
    if (data[`_${name}_url`]) follow(data[`_${name}_url`]);
  }

  app.run(load);
  const act = { choose: (filter) => app.run(() => state.rows.choose(filter)), more: () => app.run(() => state.rows.more()), save: (name) => app.run(() => save(name)) };
  return {
    title: () => (state.one ? titleOfResult(state.one) : t("step.result")),
    view: () => [
      h(ImportBar, { app, resource: state.one ? pluralOf(state.one.resource) : "", file: state.one?.name, imported: { import_id: id } }),
      h(Steps, { at: "result", links: state.one ? stepsOf(state.one, app) : {} }),
      h(Main, {}, state.one ? h(Result, { state, act, isEmbedded: Boolean(app.embedded) }) : h(Skeleton)),
      h(ResultFoot, { app, state }),
      state.undo.view(state.one),
    ],
  };
}

/** Faulty rows are mended before anything else is begun. */
function ResultFoot({ app, state }) {
  const { one, undo } = state;
  const faulty = one ? one.stats.failed - (one.mended ?? 0) : 0;
  const isMendable = faulty > 0 && !one.is_preview && !one.undo_of && !one.reverted;
  const say = one?.undo_until && !one.reverted ? t("undo.until", { day: day(one.undo_until) }) : "";
  const done = (kind) => h(Button, { kind, onClick: () => app.close({ import_id: one.id }) }, t("importer.done"));
  const back = !app.embedded ? h(Button, { href: "#/" }, t("result.all")) : isMendable ? done("") : null;
  const next = app.embedded ? done("main") : h(Button, { kind: "main", href: "#/new" }, t("result.another"));
  return h(Foot, { back, say },
    one ? h(UndoButton, { one, undo }) : null,
    isMendable ? h(Button, { kind: "main", href: `#/imports/${one.retry_of ?? one.id}/mend` }, one.retries?.length ? t("mend") : t("result.mend", { count: faulty }))
      : next);
}

function titleOfResult(one) {
  if (one.undo_of && one.status === "completed") return t("undo.result", { count: writtenRows(one.stats) });
  if (one.reason === "canceled") return t("result.canceled", { count: writtenRows(one.stats) });
  if (stoppedBy(one)) return t("result.stopped");
  if (one.status !== "completed") return t(`ended.${one.status}`);
  if (one.stats.overwritten) return t("result.written_and_deleted", { count: writtenRows(one.stats), deleted: one.stats.overwritten });
  return t("result.written", { count: writtenRows(one.stats) });
}

function Result({ state, act, isEmbedded }) {
  const { one, rows } = state;
  const head = h(Head, { key: "head", title: titleOfResult(one), lead: leadOfResult(one), end: h(Files, { one, act, isEmbedded }) });
  if (!one.stats.total) return [head, h(ResultNotes, { key: "notes", one })];
  return [
    head,
    h(OutcomeBar, { key: "bar", stats: one.stats }),
    h(OutcomeChips, { key: "chips", stats: one.stats, chosen: rows.filter.code ?? rows.filter.outcome, onChoose: (outcome) => act.choose({ outcome }) }),
    h(ResultNotes, { key: "notes", one }),
    h("div", { key: "two", class: "two" },
      h(Reasons, { one, reasons: state.reasons, chosen: rows.filter.code, onChoose: (code) => act.choose({ code }) }),
      h(RowsTable, { list: rows, resource: state.resource, who: singularOf(one.resource), onMore: act.more })),
  ];
}

function leadOfResult(one) {
  if (one.undo_of) return one.stats.skipped ? t("undo.were_kept", { count: one.stats.skipped }) : t("undo.all");
  const { failed, skipped, overwritten } = one.stats;
  const said = [["result.failed", failed], ["result.skipped", skipped], ["result.overwritten", overwritten]].filter(([, count]) => count);
  return said.map(([key, count]) => t(key, { count })).join(" ") || t("result.all_well");
}

function Files({ one, act, isEmbedded }) {
  const isOfFile = one.status === "completed" && !one.retry_of && !one.undo_of;
  return h("div", { class: "files" },
    isOfFile && !isEmbedded ? h(Button, { kind: "small", href: `#/profiles/new?import=${one.id}` }, t("result.remember")) : null,
    one.has_errors_file ? h(Button, { kind: "small", onClick: () => act.save("errors_csv") }, t("result.errors_file")) : null,
    one.has_upload_file ? h(Button, { kind: "small", onClick: () => act.save("upload_csv") }, t("result.upload_file")) : null);
}

function ResultNotes({ one }) {
  const stopped = stoppedBy(one);
  const reason = stopped ? t(`check.limit_${stopped.name}`, { ...stopped, share: "" }) : one.reason === "canceled" ? null : one.reason;
  const drift = Object.values(one.drift ?? {}).reduce((sum, count) => sum + count, 0);
  return h("div", { class: "notes" },
    reason ? h(Note, { kind: "failed" }, h("p", {}, reason)) : null,
    h(UndoNote, { one }),
    one.mended ? h(Note, { kind: "accent", sign: "✓" }, h("p", {}, t("result.mended", { count: one.mended }), " ", one.retries.map((id, at) => [at ? " · " : null, h("a", { key: id, href: `#/imports/${id}/result` }, t("result.mended_link"))]))) : null,
    drift ? h(Note, { kind: "skipped" }, h("p", {}, t("result.drift", { count: drift }))) : null,
    h(Findings, { one }));
}
