// The second step: which column of the file goes to which field, and what should happen. The file waits for it, held; or is on
// its way still, and its beginning has been looked at (transfer.js).

import { Refusal } from "./api.js";
import { ColumnTable } from "./column_table.js";
import { Columns } from "./column_choices.js";
import { WordMeanings } from "./column_words.js";
import { Button, Foot, Head, ImportBar, Main, Note, showFault, Skeleton, Steps } from "./frame.js";
import { pause, poll } from "./polling.js";
import { fittingProfile, nameOf, profilesOf, Recalled, remember } from "./remembering.js";
import { labelOf, pluralOf, resourceOf } from "./resources.js";
import { ReadingFacts } from "./reading_facts.js";
import { addressOf, stepsOf } from "./states.js";
import { list, t } from "./text.js";
import { firstKnown, TransferWords } from "./transfer.js";
import { h } from "./view.js";
import { WhatHappens } from "./what_happens.js";

const SOURCE_AGAIN_MS = 700;

export function columnsScreen(app, { id }, signal) {
  // What the step before has found is not asked for again.
  const fresh = app.sent?.id === id ? app.sent.fresh : {};
  const { transfer = null } = fresh;
  if (app.sent) app.sent.fresh = {};
  const state = { one: fresh.one ?? null, resource: null, source: null, columns: null, action: "merge", identities: null, order: null, words: null, faults: [], isReading: false, profile: null, transfer: fresh.source ? transfer : null, isWaiting: false, isOtherwise: false };
  const set = (change) => { Object.assign(state, change); app.draw(); };
  let [turn, arrival] = [Promise.resolve(), null];

  /** What changes the import, or shows it anew, is done one after the other. */
  function inTurn(work) {
    turn = turn.catch(() => {}).then(work);
    return turn;
  }

  async function load() {
    if (!fresh.source) await untilHeld();
    if (!fresh.source && !state.one.held) return app.go(addressOf(state.one), { replace: true });
    const { source, isWhole } = await firstLook();
    Object.assign(state, { resource: await resourceOf(app.api, state.one.resource), source, action: state.one.action });
    state.transfer = isWhole ? null : transfer;
    state.profile = app.embedded ? null : await recall(await (fresh.profiles ?? profilesOf(app.api)));
    show();
    if (!isWhole) arrival = new Promise((resolve) => { sent().then(() => app.run(async () => resolve(await inTurn(arrive))), () => {}); });
  }

  /** The source by its beginning, where that is known first, or as a whole. */
  async function firstLook() {
    if (fresh.source) return { source: fresh.source, isWhole: false };
    return transfer ? firstKnown(transfer.ahead, sent().then(lookAtWhole)) : { source: await lookAtWhole(), isWhole: true };
  }

  /** The import, once its file is here. That it does not come is for the step before to tell. */
  function sent() {
    return transfer.done.catch(() => { throw new DOMException("not sent", "AbortError"); });
  }

  /** The file is here. What it shows takes the place of what its beginning has shown; returns whether that holds. */
  async function arrive() {
    const { status, held } = await sent();
    Object.assign(state.one, { status, held });
    if (!held) return app.go(addressOf(state.one), { replace: true });
    state.transfer = null;
    const source = await lookAtWhole();
    const isOtherwise = !state.columns.takeWhole(source, state.one);
    app.announce(t(isOtherwise ? "columns.otherwise" : "columns.here"));
    set({ source, isOtherwise });
    return !isOtherwise;
  }

  /** The file may still be on its way to us. */
  async function untilHeld() {
    const isHere = () => state.one && (state.one.held || state.one.status !== "requested");
    if (isHere()) return;
    await poll(async () => { state.one = (await app.api.get(`/v1/imports/${id}`)).data; app.draw(); return isHere(); }, signal);
  }

  function show() {
    state.columns = new Columns(state.source, state.resource, state.one);
    set({ isReading: false, order: state.one.reading.date_order ?? null, words: new WordMeanings(state.one.value_mapping) });
  }

  /** The source as the import reads it now: by its beginning, while that has to do. */
  async function untilLookedAt() {
    if (!state.transfer) return lookAtWhole();
    return (await transfer.look()) ?? sent().then(lookAtWhole);
  }

  /** The source, as soon as it is here and somebody has looked at it. */
  async function lookAtWhole() {
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
    const { name, resource, column_mapping: mapped, profile } = state.one;
    const named = profiles.find((one) => one.id === profile?.id) ?? null;
    const found = Object.keys(mapped ?? {}).length ? named : fittingProfile(profiles, resource, state.source.columns.map((one) => one.header));
    if (found && found !== named) await apply(found);
    if (found) state.identities = found.options.match_by?.length ? found.options.match_by : null;
    return { all: profiles.filter((one) => one.resource === resource), found: found?.name ?? null, name: found?.name ?? nameOf(name, resource), isWanted: false };
  }

  /** States what a profile says of columns and values in the place of what is stated now. */
  async function apply({ options }) {
    const { column_mapping, value_mapping = {}, action, reading } = options;
    const dated = reading?.date_order ? { ...state.one.reading, date_order: reading.date_order } : undefined;
    state.one = (await app.api.post(`/v1/imports/${id}`, given({ column_mapping, value_mapping, action, reading: dated }))).data;
    state.source = await untilLookedAt();
    state.action = state.one.action;
  }

  async function useProfile(name) {
    const found = state.profile.all.find((one) => one.name === name);
    await apply(found);
    set({ identities: found.options.match_by?.length ? found.options.match_by : null, profile: { ...state.profile, found: name, name } });
    show();
  }

  async function read(reading) {
    set({ isReading: true });
    const wanted = given({ ...readingOf(state.source), ...reading, date_order: state.order });
    state.one = (await app.api.post(`/v1/imports/${id}`, { reading: wanted, column_mapping: null, value_mapping: valueMapping(state) })).data;
    state.source = await untilLookedAt();
    show();
  }

  function choose(at, field) {
    const { columns, faults, action } = state;
    columns.choose(at, field);
    set({ faults: faults.length ? columns.missing(action) : [] });
    if (columns.isUnexplored(at)) app.run(() => inTurn(explore));
  }

  /** Which words a field does not know that nobody has thought of for its column, the service says. */
  async function explore() {
    state.one = (await app.api.post(`/v1/imports/${id}`, { column_mapping: state.columns.mapping })).data;
    state.columns.explore(await untilLookedAt());
  }

  async function check() {
    if (!state.isWaiting && !isLacking() && (await isHere()) && !isLacking()) await app.run(queue, { again: false });
  }

  async function queue() {
    const { one, profile } = state;
    const stated = { ...chosen(), ...matchBy(state) };
    if (profile?.isWanted) await remember(app.api, profile.name, one.resource, { ...stated, ...rememberedReading(state) });
    await app.api.post(`/v1/imports/${id}`, { ...stated, preview: true, status: "queued" });
    app.go(`#/imports/${id}/check`);
  }

  /** Whether a field is left without a column that must have one, which is said then. */
  function isLacking() {
    state.faults = state.columns.missing(state.action);
    if (state.faults.length) showFault();
    return state.faults.length > 0;
  }

  /** Waits for the file. Returns whether it is as its beginning has shown; if not, somebody has to look again. */
  async function isHere() {
    if (!state.transfer) return true;
    set({ isWaiting: true });
    const isAsShown = await arrival;
    set({ isWaiting: false });
    return isAsShown;
  }

  /** What somebody has chosen, as an import takes it. */
  function chosen() {
    return { column_mapping: state.columns.mapping, action: state.action, ...orderOf(state), ...meaningsOfWords(state) };
  }

  app.run(() => inTurn(load));
  const act = {
    set, choose, stop: fresh.onStop,
    profile: (name) => app.run(() => inTurn(() => useProfile(name))), read: (reading) => app.run(() => inTurn(() => read(reading))), check: () => app.run(check, { again: false, answers: false }),
    order: (order) => set({ order }), say: (field, word, meaning) => { state.words.say(field, word, meaning); app.draw(); },
  };
  return {
    chosen: () => (state.columns ? { reading: state.one.reading, ...chosen() } : null),
    title: () => (state.columns ? titleOfColumns(state.columns) : t("step.columns")),
    view: () => [
      h(ImportBar, { app, resource: state.one ? pluralOf(state.one.resource) : "", file: state.one?.name }),
      h(Steps, { at: "columns", links: state.one && !state.transfer ? stepsOf(state.one, app) : {} }),
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

/** What is given of some options. */
function given(options) {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined && value !== null));
}

/** The order of day and month, stated anew only where it is another one than before. */
export function orderOf({ one, order }) {
  return order === (one.reading.date_order ?? null) ? {} : { reading: given({ ...one.reading, date_order: order }) };
}

function valueMapping({ columns, words }) {
  return words.mapping(new Set(columns.all.map((one) => one.field)));
}

/** What a profile remembers of the reading: the order of day and month, also where the import has it already. */
export function rememberedReading({ one, order }) {
  return order ? { reading: given({ ...one.reading, date_order: order }) } : {};
}

/** What words mean; nothing where nobody has said anything, now or before. */
function meaningsOfWords(state) {
  const mapping = valueMapping(state);
  return Object.keys({ ...state.one.value_mapping, ...mapping }).length ? { value_mapping: mapping } : {};
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
  return [
    h(Head, { key: "head", title: titleOfColumns(columns), lead: t("columns.lead") }),
    h(ReadingFacts, { key: "facts", source, onRead: act.read, isReading: state.isReading }),
    state.isOtherwise ? h("div", { key: "otherwise", class: "above" }, h(Note, { role: "status" }, h("p", {}, t("columns.otherwise")))) : null,
    state.profile?.all.length ? h(Recalled, { key: "recalled", profile: state.profile, onChoose: act.profile }) : null,
    missing ? h("div", { key: "missing", class: "above" }, missing) : null,
    h("div", { key: "layout", class: "layout" },
      h(ColumnTable, { columns, resource: state.resource, choices: state, act }),
      h(WhatHappens, { state, set: act.set })),
  ];
}

function ColumnsFoot({ state, act }) {
  const { transfer, isWaiting } = state;
  const out = state.columns?.leftOut ?? [];
  const missing = state.columns?.missing(state.action) ?? [];
  const say = missing.length ? t("columns.still_missing", { fields: list(missing.map((name) => labelOf(state.resource, name))) }) : out.length ? t("columns.out", { count: out.length, names: list(out.slice(0, 3)) }) : "";
  const can = state.columns && !state.source.fault;
  const back = transfer && act.stop ? h(Button, { onClick: act.stop }, t("file.stop")) : h(Button, { href: "#/new" }, t("check.other_file"));
  return h(Foot, { back, say: transfer ? h(TransferWords, { transfer, isWaiting }) : say }, can ? h(Button, { kind: "main", onClick: act.check }, t("columns.check")) : null);
}
