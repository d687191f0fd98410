// Exports, newest first, and the schedules that make them again and again.

import { Button, Head, Main, PlaceBar, Skeleton } from "./frame.js";
import { Pager } from "./pager.js";
import { pause } from "./polling.js";
import { pluralOf } from "./resources.js";
import { follow } from "./saving.js";
import { scheduleWords } from "./schedule_words.js";
import { ago, number, size, t, time } from "./text.js";
import { h } from "./view.js";

const EXPORTS_PER_PAGE = 20;
const SCHEDULES_SHOWN = 100;
const EXPORT_LOOK_AGAIN_MS = 2_000;
const AT_WORK = new Set(["queued", "processing"]);
const EXPORT_COLOURS = { completed: "created", failed: "failed", timed_out: "failed", expired: "unchanged", queued: "updated", processing: "updated" };

export function exportsScreen(app, { query }, signal) {
  const state = { exports: null, total: 0, schedules: [], page: Number(query.get("page")) || 1 };

  async function load() {
    const [exports_, schedules] = await Promise.all([
      app.api.get("/v1/exports", { page: state.page, limit: EXPORTS_PER_PAGE }),
      app.api.get("/v1/export-schedules", { limit: SCHEDULES_SHOWN }),
    ]);
    Object.assign(state, { exports: exports_.data, total: exports_.pagination.total_count, schedules: schedules.data });
    if (state.exports.some((one) => AT_WORK.has(one.status))) lookAgain();
  }

  async function lookAgain() {
    await pause(EXPORT_LOOK_AGAIN_MS, signal);
    if (!signal.aborted) app.run(load);
  }

  app.run(load);
  const act = { save: (one, format) => app.run(() => saveExport(app.api, one.id, format), { again: false }) };
  return {
    title: t("place.exports"),
    view: () => [
      h(PlaceBar, { at: "exports" }),
      h(Main, {},
        h(Head, { title: t("exports.title"), lead: t("exports.lead"), end: h(Button, { kind: "main", href: "#/exports/new" }, t("exports.new")) }),
        state.schedules.length ? h(Schedules, { schedules: state.schedules }) : null,
        state.exports === null ? h(Skeleton) : h(ExportTable, { exports: state.exports, act }),
        h(Pager, { page: state.page, per: EXPORTS_PER_PAGE, total: state.total, onGo: (page) => app.go(`#/exports?page=${page}`) })),
    ],
  };
}

/** Has the browser save a file of an export, while there is one. */
export async function saveExport(api, id, format) {
  const { data } = await api.get(`/v1/exports/${id}`, { [`include_${format}`]: "true" });
  if (data[`_${format}_url`]) follow(data[`_${format}_url`]);
}

function Schedules({ schedules }) {
  return [
    h("h2", { key: "title", class: "section" }, t("schedules")),
    h("ol", { key: "list", class: "sheet listed" }, schedules.map((one) => h("li", { key: one.id }, h("a", { class: "one", href: `#/schedules/${one.id}` },
      h("span", { class: "what" }, h("b", {}, h("bdi", {}, one.name ?? pluralOf(one.export.resource))), h("small", {}, `${pluralOf(one.export.resource)} · ${scheduleWords(one)}`)),
      h("span", { class: `state ${one.paused ? "unchanged" : "created"}` }, h("i", { class: "dot", "aria-hidden": "true" }), t(one.paused ? "schedule.paused" : "schedule.active")),
      h("span", {}, one.incremental ? h("small", {}, t("schedule.incremental")) : null),
      one.next_due_at && !one.paused ? h("time", { class: "when", title: time(one.next_due_at) }, t("schedule.next", { at: ago(one.next_due_at) })) : h("span", { class: "when" }))))),
    h("h2", { key: "exports", class: "section" }, t("exports.made")),
  ];
}

function ExportTable({ exports: exports_, act }) {
  if (!exports_.length) return h("div", { class: "sheet nothing" }, h("h2", {}, t("exports.none")), h("p", { class: "soft" }, t("exports.none_lead")));
  return h("ol", { class: "sheet listed" }, exports_.map((one) => h("li", { key: one.id, class: "one" },
    h("span", { class: "what" }, h("b", {}, h("bdi", {}, one.name ?? pluralOf(one.resource))), h("small", {}, exportWords(one))),
    h("span", { class: `state ${EXPORT_COLOURS[one.status]}` }, h("i", { class: "dot", "aria-hidden": "true" }), t(`export.${one.status}`)),
    h("span", { class: "actions" }, one.files.filter((file) => file.format !== "manifest").map((file) => h(Button, { key: file.format, kind: "small", title: size(file.size_bytes), onClick: () => act.save(one, file.format) }, file.format.toUpperCase()))),
    h("time", { class: "when", title: time(one.created_at) }, ago(one.created_at)))));
}

function exportWords(one) {
  const rows = one.status === "completed" ? t("exports.rows", { count: one.files[0]?.rows ?? one.progress.rows }) : AT_WORK.has(one.status) ? t("exports.read", { count: number(one.progress.records_read) }) : one.reason;
  return [one.name ? pluralOf(one.resource) : null, rows].filter(Boolean).join(" · ");
}
