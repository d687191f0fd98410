// Addresses that lead on: an import as such leads to the step that it waits at; an address that means nothing says so.

import { Head, Main, PlaceBar, Skeleton } from "./frame.js";
import { addressOf } from "./states.js";
import { t } from "./text.js";
import { h } from "./view.js";

export function anywhereScreen(app, { id }) {
  app.run(async () => app.go(addressOf((await app.api.get(`/v1/imports/${id}`)).data), { replace: true }));
  return { title: t("place.imports"), view: () => [app.embedded ? null : h(PlaceBar, { at: "imports" }), h(Main, {}, h(Skeleton))] };
}

export function missingScreen(app) {
  const back = h("p", { class: "lead" }, h("a", { href: "#/" }, t("missing.back")));
  return { title: t("missing.title"), view: () => [app.embedded ? null : h(PlaceBar, {}), h(Main, {}, h(Head, { title: t("missing.title") }), back)] };
}
