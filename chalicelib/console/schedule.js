// One schedule: when it is due, what its runs have brought, and pausing it.

import { Button, Head, Main, PlaceBar, Skeleton } from "./frame.js";
import { pluralOf } from "./resources.js";
import { scheduleWords } from "./schedule_words.js";
import { number, t, time } from "./text.js";
import { h } from "./view.js";

const RUNS_SHOWN = 50;

export function scheduleScreen(app, { id }) {
  const state = { one: null, runs: [], isSure: false };

  async function load() {
    const [one, runs] = await Promise.all([app.api.get(`/v1/export-schedules/${id}`), app.api.get(`/v1/export-schedules/${id}/runs`, { limit: RUNS_SHOWN })]);
    Object.assign(state, { one: one.data, runs: runs.data });
  }

  async function toggle() {
    state.one = (await app.api.post(`/v1/export-schedules/${id}`, { paused: !state.one.paused })).data;
  }

  async function remove() {
    if (!state.isSure) return Object.assign(state, { isSure: true });
    await app.api.remove(`/v1/export-schedules/${id}`);
    app.go("#/exports");
  }

  app.run(load);
  const act = { toggle: () => app.run(toggle, { again: false }), remove: () => app.run(remove, { again: false }) };
  return {
    title: () => state.one?.name ?? t("schedule"),
    view: () => [h(PlaceBar, { at: "exports" }), h(Main, {}, state.one ? h(ScheduleView, { state, act }) : h(Skeleton))],
  };
}

function ScheduleView({ state, act }) {
  const { one, runs } = state;
  const end = h("div", { class: "actions" },
    h(Button, { onClick: act.toggle }, t(one.paused ? "schedule.resume" : "schedule.pause")),
    h(Button, { onClick: act.remove }, t(state.isSure ? "sure_delete" : "delete")));
  const lead = [pluralOf(one.export.resource), scheduleWords(one), one.paused ? t("schedule.paused") : t("schedule.next", { at: time(one.next_due_at) })].join(" · ");
  return [
    h(Head, { key: "head", title: h("bdi", {}, one.name ?? pluralOf(one.export.resource)), lead, end }),
    h("section", { key: "runs", class: "sheet listed", "aria-label": t("schedule.runs") }, runs.length ? h(RunTable, { runs }) : h("p", { class: "nothing soft" }, t("schedule.no_runs"))),
  ];
}

function RunTable({ runs }) {
  const heads = ["runs.due", "runs.status", "runs.rows", "runs.reason"].map((key) => h("th", { key, scope: "col" }, t(key)));
  return h("table", { class: "table" }, h("thead", {}, h("tr", {}, heads)), h("tbody", {}, runs.map((run) => h("tr", { key: run.due_at },
    h("td", { class: "num" }, time(run.due_at)),
    h("td", {}, t(`runs.is.${run.status}`)),
    h("td", { class: "num" }, run.rows === null ? "" : number(run.rows)),
    h("td", { class: "soft" }, run.reason ?? (run.missed ? t("runs.missed", { count: run.missed }) : run.full ? t("runs.full") : ""))))));
}
