// A screen of the script that is loaded when one of its screens is first needed.

import { Offline } from "./api.js";
import { Main, PlaceBar, Skeleton } from "./frame.js";
import { h } from "./view.js";

/** The script. Browsers load it once. */
export function loadLater() {
  return import(new URL(document.documentElement.dataset.later, import.meta.url).href).catch(() => { throw new Offline(); });
}

/** The screen of this name. Until it is there, one without content. */
export function later(name) {
  return (app, params, signal) => {
    let screen = null;
    const load = async () => {
      const { SCREENS } = await loadLater();
      if (!signal.aborted) screen = SCREENS[name](app, params, signal);
    };
    app.run(load);
    return { title: () => { const title = screen?.title ?? ""; return typeof title === "function" ? title() : title; }, view: () => screen?.view() ?? [app.embedded ? null : h(PlaceBar, { key: "bar" }), h(Main, {}, h(Skeleton))] };
  };
}
