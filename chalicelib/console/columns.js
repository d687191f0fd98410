// The second step: which column of the file goes to which field, and what should happen. The file waits for it, held.

import { Refusal } from "./api.js";
import { ColumnTable } from "./column_table.js";
import { Columns } from "./column_choices.js";
import { Button, Foot, Head, ImportBar, Main, Note, Skeleton, Steps } from "./frame.js";
import { pause, poll } from "./polling.js";
import { fittingProfile, nameOf, profilesOf, remember } from "./remembering.js";
import { labelOf, pluralOf, resourceOf } from "./resources.js";
import { ReadingFacts } from "./reading_facts.js";
import { addressOf, stepsOf } from "./states.js";
import { list, t } from "./text.js";
import { h } from "./view.js";
import { WhatHappens } from "./what_happens.js";

const SOURCE_AGAIN_MS = 700;

export function columnsScreen(app, { id }, signal) {
  const state = { one: null, resource: null, source: null, columns: null, action: "merge", identities: null, order: null, faults: [], isReading: false, profile: null };
  const set = (change) => { Object.assign(state, change); app.draw(); };

  /** What the step before has found is not asked for again. */
  async function load() {
    const { one, profiles } = app.sent?.id === id ? app.sent.fresh : {};
    if (app.sent) app.sent.fresh = {};
    state.one = one ?? null;
    await untilHeld();
    if (!state.one.held) return app.go(addressOf(state.one), { replace: true });
    Object.assign(state, { resource: await resourceOf(app.api, state.one.resource), source: await untilLookedAt(), action: state.one.action });
    state.profile = app.embedded ? null : await recall(await (profiles ?? profilesOf(app.api)));
    show();
  }

  /** The file may still be on its way to us. */
  async function untilHeld() {
    const isHere = () => state.one && (state.one.held || state.one.status !== "requested");
    if (isHere()) return;
    await poll(async () => { state.one = (await app.api.get(`/v1/imports/${id}`)).data; app.draw(); return isHere(); }, signal);
  }

  function show() {
    state.columns = new Columns(state.source, state.resource, state.one);
    set({ isReading: false });
  }

  /** The source, as soon as it is here and somebody has looked at it. */
  async function untilLookedAt() {
    for (;;) {
      try {
        return (await app.api.get(`/v1/imports/${id}/source`)).data;
      } catch (error) {
        if (signal.aborted || !(error instanceof Refusal) || error.status !== 409) throw error;
        await pause(SOURCE_AGAIN_MS, signal);
      }
    }
  }

  /** What was remembered for a file with these headers is chosen again, unless somebody has chosen already. */
  async function recall(profiles) {
    const { name, resource, column_mapping: chosen } = state.one;
    const found = fittingProfile(profiles, resource, state.source.columns.map((one) => one.header));
    if (found && !Object.keys(chosen ?? {}).length) {
      const { column_mapping, action, match_by } = found.options;
      state.one = (await app.api.post(`/v1/imports/${id}`, { column_mapping, ...(action ? { action } : {}) })).data;
      state.source = (await app.api.get(`/v1/imports/${id}/source`)).data;
      Object.assign(state, { action: state.one.action, identities: match_by?.length ? match_by : null });
    }
    return { found: found?.name ?? null, name: found?.name ?? nameOf(name, resource), isWanted: false };
  }

  async function read(reading) {
    set({ isReading: true });
    state.one = (await app.api.post(`/v1/imports/${id}`, { reading: { ...readingOf(state.source), ...reading }, column_mapping: null })).data;
    state.source = await untilLookedAt();
    show();
  }

  async function check() {
    const missing = state.columns.missing(state.action);
    state.faults = missing;
    if (missing.length) return requestAnimationFrame(() => requestAnimationFrame(() => document.querySelector("[role=alert]")?.focus()));
    const reading = state.order ? { reading: { ...readingOf(state.source), date_order: state.order } } : {};
    const { name, isWanted } = state.profile ?? {};
    const remembered = { ...reading, column_mapping: state.columns.mapping, action: state.action, ...matchBy(state) };
    if (isWanted) await remember(app.api, name, state.one.resource, remembered);
    await app.api.post(`/v1/imports/${id}`, { ...reading, column_mapping: state.columns.mapping, action: state.action, preview: true, ...matchBy(state), status: "queued" });
    app.go(`#/imports/${id}/check`);
  }

  app.run(load);
  const act = { set, read: (reading) => app.run(() => read(reading)), check: () => app.run(check, { again: false }) };
  return {
    title: () => (state.columns ? titleOfColumns(state.columns) : t("step.columns")),
    view: () => [
      h(ImportBar, { app, resource: state.one ? pluralOf(state.one.resource) : "", file: state.one?.name }),
      h(Steps, { at: "columns", links: state.one ? stepsOf(state.one, app) : {} }),
      h(Main, {}, state.columns ? h(ColumnsView, { state, act }) : [h(Head, { key: "head", title: t("columns.reading") }), h(Skeleton, { key: "bones" })]),
      h(ColumnsFoot, { state, act }),
    ],
  };
}

/** How the file is read now. Stated anew, it is stated as a whole. */
function readingOf(source) {
  const facts = ["encoding", "delimiter", "quote", "sheet", "header_row"].filter((name) => source[name] !== null);
  return Object.fromEntries(facts.map((name) => [name, source[name]]));
}

/** Named only where somebody has chosen: without it, everything that identifies a record counts. */
function matchBy({ identities }) {
  return identities ? { match_by: identities } : {};
}

function titleOfColumns(columns) {
  const { all, mapped } = columns.counts;
  if (!all) return t("columns.none");
  return mapped ? t("columns.understood", { mapped, count: all }) : t("columns.unknown");
}

function ColumnsView({ state, act }) {
  const { columns, source, faults } = state;
  if (source.fault) return h(Head, { title: t("columns.unreadable"), lead: source.fault.message });
  const missing = faults.length ? h(Note, { kind: "failed", role: "alert" }, h("p", {}, t("columns.missing", { fields: list(faults.map((name) => labelOf(state.resource, name))) }))) : null;
  const choose = (at, field) => { columns.choose(at, field); act.set({ faults: faults.length ? columns.missing(state.action) : [] }); };
  return [
    h(Head, { key: "head", title: titleOfColumns(columns), lead: t("columns.lead") }),
    h(ReadingFacts, { key: "facts", source, onRead: act.read, isReading: state.isReading }),
    state.profile?.found ? h("div", { key: "recalled", class: "above" }, h(Note, { kind: "accent", sign: "✓" }, h("p", {}, t("remember.found", { name: state.profile.found })))) : null,
    missing ? h("div", { key: "missing", class: "above" }, missing) : null,
    h("div", { key: "layout", class: "layout" },
      h(ColumnTable, { columns, resource: state.resource, onChoose: choose, order: state.order, onOrder: (order) => act.set({ order }) }),
      h(WhatHappens, { state, set: act.set })),
  ];
}

function ColumnsFoot({ state, act }) {
  const out = state.columns?.leftOut ?? [];
  const say = out.length ? t("columns.out", { count: out.length, names: list(out.slice(0, 3)) }) : "";
  const can = state.columns && !state.source.fault;
  return h(Foot, { back: h(Button, { href: "#/new" }, t("check.other_file")), say }, can ? h(Button, { kind: "main", onClick: act.check }, t("columns.check")) : null);
}
