// The imports of the tenant, newest first. A file that is dropped here begins a new one.

import { Button, Head, Main, PlaceBar, Skeleton } from "./frame.js";
import { Mark, OutcomeBar } from "./outcomes.js";
import { Pager } from "./pager.js";
import { pause } from "./polling.js";
import { pluralOf } from "./resources.js";
import { addressOf, hasEnded, isConfirmable, stateOf } from "./states.js";
import { ago, number, t, time } from "./text.js";
import { h } from "./view.js";
import { dropTarget } from "./drop.js";

const PER_PAGE = 20;
const STATUSES = ["processing", "completed", "failed", "requested", "queued", "timed_out", "expired"];
const LOOK_AGAIN_MS = 3_000;

export function importsScreen(app, { query }, signal) {
  const state = { imports: null, total: 0, page: Number(query.get("page")) || 1, status: query.get("status") ?? "" };

  async function load() {
    const answer = await app.api.get("/v1/imports", { page: state.page, limit: PER_PAGE, status: state.status });
    Object.assign(state, { imports: answer.data, total: answer.pagination.total_count });
    if (answer.data.some((one) => !hasEnded(one) && one.status !== "requested" && !one.held)) lookAgain();
  }

  async function lookAgain() {
    await pause(LOOK_AGAIN_MS, signal);
    if (!signal.aborted) app.run(load);
  }

  function go(change) {
    const wanted = { status: state.status, page: state.page, ...change };
    const given = Object.entries(wanted).filter(([name, value]) => value && !(name === "page" && value === 1));
    app.go(`#/${given.length ? `?${new URLSearchParams(given)}` : ""}`);
  }

  app.run(load);
  return {
    title: t("place.imports"),
    view: () => [
      h(PlaceBar, { at: "imports" }),
      h(Main, {}, h("div", { class: "drop", ...dropTarget((file) => { app.file = file; app.go("#/new"); }) },
        h(Head, { title: t("imports.title"), lead: t("imports.lead"), end: h(Button, { kind: "main", href: "#/new" }, t("imports.new")) }),
        h(StatusFilter, { chosen: state.status, onChoose: (status) => go({ status, page: 1 }) }),
        state.imports === null ? h(Skeleton) : h(ImportList, { imports: state.imports, isFiltered: Boolean(state.status) }),
        h(Pager, { page: state.page, per: PER_PAGE, total: state.total, onGo: (page) => go({ page }) }))),
    ],
  };
}

function StatusFilter({ chosen, onChoose }) {
  const options = ["", ...STATUSES].map((one) => h("option", { key: one, value: one }, one ? t(`state.${one}`) : t("imports.all")));
  return h("div", { class: "filters" }, h("label", {}, h("span", {}, t("imports.show")),
    h("select", { class: "pick", value: chosen, onChange: (event) => onChoose(event.target.value) }, options)));
}

function ImportList({ imports, isFiltered }) {
  if (!imports.length) return h("div", { class: "sheet nothing" }, h("h2", {}, t(isFiltered ? "imports.none_such" : "imports.none")), h("p", { class: "soft" }, t("imports.none_lead")));
  // Rehearsals of mended rows and of undos belong to the screens that ask for them.
  const shown = imports.filter((one) => !(one.is_preview && (one.retry_of || one.undo_of)));
  return h("ol", { class: "sheet listed" }, shown.map((one) => h(ImportLine, { key: one.id, one })));
}

function ImportLine({ one }) {
  const [word, colour] = stateOf(one);
  const rows = one.stats.total ? t("imports.rows", { count: one.stats.total }) : "";
  return h("li", {}, h("a", { class: "one", href: addressOf(one) },
    h("span", { class: "what" }, h("b", {}, h("bdi", {}, one.name ?? one.id)), h("small", {}, [pluralOf(one.resource), kindOfImport(one), rows].filter(Boolean).join(" · "))),
    h("span", { class: `state ${colour}` }, h("i", { class: "dot", "aria-hidden": "true" }), word),
    h("span", { class: "came" }, h(Summary, { one })),
    h("time", { class: "when", title: time(one.created_at) }, ago(one.created_at))));
}

function kindOfImport(one) {
  if (one.retry_of) return t("imports.retry");
  return t(one.undo_of ? "imports.undo" : `action.${one.action}`);
}

function Summary({ one }) {
  if (!one.stats.total || (!hasEnded(one) && !isConfirmable(one))) return null;
  const gone = one.is_preview ? 0 : one.stats.deleted + one.stats.overwritten;
  const deleted = gone && !one.undo_of ? h("small", { key: "deleted", class: "faults" }, t("imports.deleted", { count: gone })) : null;
  const faults = one.stats.failed ? h("small", { class: "faults" }, h(Mark, { of: "failed" }), number(one.stats.failed)) : null;
  return [h(OutcomeBar, { key: "bar", stats: one.stats, small: true }), deleted, faults];
}
