// One schedule: what it brings, when it is due, what its runs have brought; running it now, pausing and deleting it.

import { wordsOfGroup } from "./conditions.js";
import { saveExport } from "./exports.js";
import { Button, Head, Main, PlaceBar, Skeleton } from "./frame.js";
import { pluralOf, resourceOf } from "./resources.js";
import { scheduleWords } from "./schedule_words.js";
import { list, number, t, time } from "./text.js";
import { h } from "./view.js";

const RUNS_SHOWN = 50;

export function scheduleScreen(app, { id }) {
  const state = { one: null, resource: null, runs: [], isSure: false };

  async function load() {
    const [one, runs] = await Promise.all([app.api.get(`/v1/export-schedules/${id}`), app.api.get(`/v1/export-schedules/${id}/runs`, { limit: RUNS_SHOWN })]);
    Object.assign(state, { one: one.data, runs: runs.data, resource: await resourceOf(app.api, one.data.export.resource) });
  }

  async function toggle() {
    state.one = (await app.api.post(`/v1/export-schedules/${id}`, { paused: !state.one.paused })).data;
  }

  /** The same export, now and whole; the schedule goes on as if nothing had happened. */
  async function exportNow() {
    await app.api.post("/v1/exports", { ...state.one.export, name: state.one.name ?? undefined });
    app.go("#/exports");
  }

  async function remove() {
    if (!state.isSure) return Object.assign(state, { isSure: true });
    await app.api.remove(`/v1/export-schedules/${id}`);
    app.go("#/exports");
  }

  app.run(load);
  const act = { exportNow: () => app.run(exportNow, { again: false }), save: (id, format) => app.run(() => saveExport(app.api, id, format), { again: false }), toggle: () => app.run(toggle, { again: false }), remove: () => app.run(remove, { again: false }) };
  return {
    title: () => state.one?.name ?? t("schedule"),
    view: () => [h(PlaceBar, { at: "exports" }), h(Main, {}, state.one ? h(ScheduleView, { state, act }) : h(Skeleton))],
  };
}

function ScheduleView({ state, act }) {
  const { one, runs, resource } = state;
  const end = h("div", { class: "actions" },
    h(Button, { kind: "main", onClick: act.exportNow }, t("schedule.now")),
    h(Button, { onClick: act.toggle }, t(one.paused ? "schedule.resume" : "schedule.pause")),
    h(Button, { onClick: act.remove }, t(state.isSure ? "sure_delete" : "delete")));
  const lead = [pluralOf(one.export.resource), scheduleWords(one), one.paused ? t("schedule.paused") : t("schedule.next", { at: time(one.next_due_at) })].join(" · ");
  return [
    h(Head, { key: "head", title: h("bdi", {}, one.name ?? pluralOf(one.export.resource)), lead, end }),
    h("p", { key: "what", class: "soft above" }, whatOf(one, resource)),
    h("section", { key: "runs", class: "sheet listed", "aria-label": t("schedule.runs") }, runs.length ? h(RunTable, { runs, act }) : h("p", { class: "nothing soft" }, t("schedule.no_runs"))),
  ];
}

/** Which records it brings, and in which formats. */
function whatOf({ export: { formats, options } }, resource) {
  const group = options?.filters;
  const conditions = wordsOfGroup(resource, group);
  const which = !group ? t("conditions.none") : conditions ? t("schedule.those", { conditions }) : t("schedule.some");
  return [which, t("schedule.formats", { formats: list(formats.map((one) => one.toUpperCase())) })].join(" ");
}

function RunTable({ runs, act }) {
  const heads = ["runs.due", "runs.status", "runs.rows", "runs.files", "runs.reason"].map((key) => h("th", { key, scope: "col" }, t(key)));
  return h("table", { class: "table" }, h("thead", {}, h("tr", {}, heads)), h("tbody", {}, runs.map((run) => h("tr", { key: run.due_at },
    h("td", { class: "num" }, time(run.due_at)),
    h("td", {}, t(`runs.is.${run.status}`)),
    h("td", { class: "num" }, run.rows === null ? "" : number(run.rows)),
    h("td", {}, h("span", { class: "actions" }, filesOf(run).map((format) => h(Button, { key: format, kind: "small", onClick: () => act.save(run.export_id, format) }, format.toUpperCase())))),
    h("td", { class: "soft" }, run.reason ?? (run.missed ? t("runs.missed", { count: run.missed }) : run.full ? t("runs.full") : ""))))));
}
