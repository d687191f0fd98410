// What the importer shows besides the steps of an import: that it opens, that its session has ended, that it was closed.

import { Head, Main, Skeleton } from "./frame.js";
import { t } from "./text.js";
import { h } from "./view.js";

/** Shown until the session is known, and once it opens nothing any more. */
export function openingScreen(app, refusal) {
  if (!refusal) app.run(() => app.open());
  const ended = [h(Head, { key: "head", title: t("importer.ended"), lead: t("importer.ended_lead") })];
  return { title: t(refusal ? "importer.ended" : "loading"), view: () => h(Main, {}, refusal ? ended : h(Skeleton)) };
}

/** Leads to the import of the session, or to the choice of a file. */
export function startScreen(app) {
  const { import_id: id } = app.embedded;
  queueMicrotask(() => app.go(id ? `#/imports/${id}` : "#/new", { replace: true })); // once this one is shown
  return { title: t("loading"), view: () => h(Main, {}, h(Skeleton)) };
}

export function closedScreen(app) {
  const { return_url: back } = app.embedded;
  const link = back ? h("p", { key: "back", class: "above" }, h("a", { class: "button main", href: back, target: "_top" }, t("importer.back"))) : null;
  return { title: t("importer.closed"), view: () => h(Main, {}, h(Head, { key: "head", title: t("importer.closed"), lead: t("importer.closed_lead") }), link) };
}
