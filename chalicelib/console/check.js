// The third step: what the file would do, decided with the whole of it, before anything is written.

import { Button, Foot, Head, ImportBar, Main, Note, Skeleton, Steps } from "./frame.js";
import { OutcomeBar, OutcomeChips, writtenRows } from "./outcomes.js";
import { Phases } from "./phases.js";
import { poll } from "./polling.js";
import { Findings, Reasons, reasonsOf } from "./reasons.js";
import { pluralOf, resourceOf, singularOf } from "./resources.js";
import { RowList, RowsTable } from "./rows_table.js";
import { follow } from "./saving.js";
import { factsOf, hasEnded, isConfirmable, isMendableBefore, stepsOf, stoppedBy } from "./states.js";
import { day, percent, t } from "./text.js";
import { h } from "./view.js";

export function checkScreen(app, { id }, signal) {
  const state = { one: null, resource: null, rows: new RowList(app.api, id), reasons: null, typed: "", fault: null };

  async function look() {
    state.one = (await app.api.get(`/v1/imports/${id}`)).data;
    state.resource ??= await resourceOf(app.api, state.one.resource);
    app.draw();
    if (!hasEnded(state.one)) return false;
    if (!state.one.is_preview) app.go(`#/imports/${id}/result`, { replace: true });
    return true;
  }

  async function load() {
    const began = performance.now();
    await poll(look, signal);
    if (signal.aborted) return;
    app.tell("previewed", factsOf(state.one));
    if (state.one.status === "expired" || !state.one.stats.total) return;
    if (performance.now() - began > 2_000) app.announce(t("check.ended"));
    await state.rows.load();
    app.draw();
    state.reasons = await reasonsOf(app.api, state.one);
  }

  const choose = (filter) => app.run(() => state.rows.choose(filter));

  async function confirm() {
    const { overwritten } = state.one.stats;
    if (overwritten && state.typed.replace(/\D/g, "") !== String(overwritten)) {
      state.fault = "check.type_number";
      return requestAnimationFrame(() => document.querySelector("input[name=typed]")?.focus());
    }
    const { data } = await app.api.post(`/v1/imports/${id}`, { status: "confirmed", ...(state.one.name ? { name: state.one.name } : {}) });
    app.go(`#/imports/${data.id}/import`);
  }

  async function report() {
    const { data } = await app.api.get(`/v1/imports/${id}`, { include_errors_csv: "true" });
    if (data._errors_csv_url) follow(data._errors_csv_url);
  }

  /** What has been checked is settled; the columns are chosen anew for the same file, while this tab still has it. */
  function toColumns() {
    const { column_mapping, value_mapping, reading, action } = state.one;
    Object.assign(app, { file: app.sent.file, again: { column_mapping, value_mapping, reading, action } });
    if (!app.embedded) localStorage.setItem("sluice-resource", app.sent.resource);
    app.go("#/new");
  }

  app.run(load);
  const act = { choose, more: () => app.run(() => state.rows.more()), report: () => app.run(report), confirm: () => app.run(confirm, { again: false }), type: (typed) => { Object.assign(state, { typed, fault: null }); app.draw(); }, toColumns: app.sent?.id === id ? toColumns : null };
  return {
    title: () => (state.one && hasEnded(state.one) ? titleOfCheck(state.one) : t("check.running")),
    view: () => [
      h(ImportBar, { app, resource: state.one ? pluralOf(state.one.resource) : "", file: state.one?.name }),
      h(Steps, { at: "check", links: state.one ? stepsOf(state.one, app) : {} }),
      h(Main, {}, !state.one ? h(Skeleton) : hasEnded(state.one) ? h(Checked, { state, act }) : h(Checking, { one: state.one })),
      state.one && hasEnded(state.one) ? h(CheckFoot, { state, act }) : null,
    ],
  };
}

function titleOfCheck(one) {
  const stopped = stoppedBy(one);
  if (stopped?.name === "max_deleted") return t("check.would_delete", { count: stopped.count });
  if (one.status !== "completed" && !stopped) return t("check.impossible");
  return one.stats.overwritten ? t("check.would_write_and_delete", { count: writtenRows(one.stats), deleted: one.stats.overwritten })
    : t("check.would_write", { count: writtenRows(one.stats) });
}

function Checking({ one }) {
  return [
    h(Head, { key: "head", title: t("check.running"), lead: t("check.running_lead") }),
    h(Phases, { key: "phases", one }),
  ];
}

function Checked({ state, act }) {
  const { one, rows } = state;
  const lead = one.status === "completed" ? leadOf(one) : stoppedBy(one) ? t("check.stopped_lead") : one.reason;
  const hasReport = one.has_errors_file ? h(Button, { kind: "small", onClick: act.report }, t("check.report")) : null;
  const head = h(Head, { key: "head", title: titleOfCheck(one), lead, end: hasReport });
  if (!one.stats.total) return [head];
  return [
    head,
    h(OutcomeBar, { key: "bar", stats: one.stats }),
    h(OutcomeChips, { key: "chips", stats: one.stats, chosen: rows.filter.code ?? rows.filter.outcome, onChoose: (outcome) => act.choose({ outcome }) }),
    h(CheckNotes, { key: "notes", one }),
    isConfirmable(one) && one.stats.overwritten ? h(Deletions, { key: "deletions", state, act }) : null,
    h("div", { key: "two", class: "two" },
      h(Reasons, { one, reasons: state.reasons, chosen: rows.filter.code, onChoose: (code) => act.choose({ code }) }),
      h(RowsTable, { list: rows, resource: state.resource, who: singularOf(one.resource), onMore: act.more, isFuture: true })),
  ];
}

function leadOf(one) {
  const { created, updated, deleted } = one.stats;
  const said = [["check.new", created], ["check.changed", updated], ["check.gone", deleted]].filter(([, count]) => count);
  return [said.map(([key, count]) => t(key, { count })).join(", "), t("check.rehearsal")].filter(Boolean).join(". ");
}

function CheckNotes({ one }) {
  const stopped = stoppedBy(one);
  const share = stopped && stopped.all ? percent(stopped.count / stopped.all, 2) : "";
  return h("div", { class: "notes" },
    stopped ? h(Note, { kind: "skipped", role: "note" }, h("p", {}, h("b", {}, t("check.would_stop")), " ", t(`check.limit_${stopped.name}`, { ...stopped, share }))) : null,
    one.confirmed_as ? h(Note, { kind: "accent", sign: "✓" }, h("p", {}, t("check.confirmed"), " ", h("a", { href: `#/imports/${one.confirmed_as}` }, t("check.confirmed_link")))) : null,
    h(Findings, { one }));
}

/** Whoever deletes records says how many. */
function Deletions({ state, act }) {
  const count = state.one.stats.overwritten;
  return h("section", { class: "note failed above", "aria-label": t("check.deletions", { count }) },
    h("span", { class: "mark failed", "aria-hidden": "true" }, "−"),
    h("div", { class: "words" }, h("p", {}, h("b", {}, t("check.deletions", { count }))),
      h("label", { class: "line" }, t("check.type", { count }), " ",
        h("input", { class: "text short", name: "typed", inputMode: "numeric", autocomplete: "off", value: state.typed, "aria-invalid": state.fault ? "true" : null, onInput: (event) => act.type(event.target.value) })),
      state.fault ? h("p", { class: "bad", role: "alert" }, t(state.fault)) : null));
}

/** The button says all that it does. */
function confirmWords(count, deleted) {
  if (!count) return t("check.delete", { count: deleted });
  return deleted ? t("check.import_and_delete", { count, deleted }) : t("check.import", { count });
}

function CheckFoot({ state, act }) {
  const { one } = state;
  const count = writtenRows(one.stats);
  const again = act.toColumns ? h(Button, { onClick: act.toColumns }, t("check.to_columns")) : h(Button, { href: "#/new" }, t("check.other_file"));
  if (!isConfirmable(one)) return h(Foot, { back: again, say: one.confirmed_as ? "" : t("check.nothing_written") });
  const mend = isMendableBefore(one) ? h(Button, { kind: "main", href: `#/imports/${one.id}/mend` }, t("result.mend", { count: one.stats.failed })) : null;
  const confirm = count || one.stats.overwritten ? h(Button, { kind: mend ? "" : "main", onClick: act.confirm }, confirmWords(count, one.stats.overwritten)) : null;
  if (!mend && !confirm) return h(Foot, { back: again, say: t("check.nothing_to_do") });
  const say = one.stats.failed ? t("check.faulty_stay", { count: one.stats.failed }) : t("check.until", { day: day(one.confirm_until) });
  return h(Foot, { back: again, say }, confirm, mend);
}
