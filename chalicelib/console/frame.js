// What surrounds every screen: the bar above, the steps of an import, the foot with the button that says what it does.

import { t } from "./text.js";
import { h } from "./view.js";

export const STEPS_OF_IMPORT = ["file", "columns", "check", "import", "result"];

const PLACES = [["imports", "#/"], ["profiles", "#/profiles"], ["exports", "#/exports"], ["webhooks", "#/webhooks"], ["account", "#/account"]];
const LOGO = ["M4 4v16M20 4v16M9 4v7M15 4v7", "M8 16c1.3 0 1.3 1 2.7 1s1.3-1 2.6-1 1.4 1 2.7 1"];

export function Brand() {
  const paths = LOGO.map((d, at) => h("path", { d, "stroke-width": at ? "2" : "2.2" }));
  const icon = h("svg", { viewBox: "0 0 24 24", fill: "none", stroke: "currentColor", "stroke-linecap": "round", "aria-hidden": "true" }, paths);
  return h("a", { class: "brand", href: "#/" }, icon, " Sluice");
}

/** The bar of the screens that are places. */
export function PlaceBar({ at }) {
  const links = PLACES.map(([name, href]) => h("a", { key: name, href, "aria-current": name === at ? "page" : null }, t(`place.${name}`)));
  return h("header", { class: "top", key: "top" }, h(Brand), h("nav", { class: "places", "aria-label": t("places") }, links));
}

/** The bar of the steps of one import; in somebody else's page the importer bears no name, and is closed. */
export function ImportBar({ app, resource, file, imported }) {
  const leave = app.embedded ? h("button", { type: "button", class: "button quiet", onClick: () => app.close(imported) }, t("close")) : h("a", { class: "button quiet", href: "#/" }, t("close"));
  return h("header", { class: "top", key: "top" },
    app.embedded ? null : h(Brand),
    h("p", { class: "crumb" }, resource ? h("span", {}, resource) : null, file ? h("b", {}, h("bdi", {}, file)) : null),
    h("div", { class: "end" },
      h("button", { type: "button", class: "button quiet wide", onClick: () => app.showKeys(true) }, t("keys.open"), " ", h("kbd", {}, "?")),
      leave));
}

/** The five steps; `links` has addresses of those that one may go back to. */
export function Steps({ at, links = {} }) {
  const now = STEPS_OF_IMPORT.indexOf(at);
  const steps = STEPS_OF_IMPORT.map((name, n) => {
    const word = links[name] && n !== now ? h("a", { href: links[name] }, t(`step.${name}`)) : t(`step.${name}`);
    const numeral = h("span", { class: "n num" }, n + 1, h("span", { class: "of" }, t("step.of", { all: STEPS_OF_IMPORT.length })));
    return h("li", { key: name, "data-is": n < now ? "done" : null, "aria-current": n === now ? "step" : null }, numeral, " ", word);
  });
  return h("nav", { key: "steps", "aria-label": t("steps") }, h("ol", { class: "steps" }, steps));
}

/** The heading, which is the finding, with a sentence below and what stands at its end. */
export function Head({ title, lead, end }) {
  const sentence = lead ? h("p", { class: "lead" }, lead) : null;
  return h("div", { class: "head" }, h("div", {}, h("h1", { tabIndex: -1 }, title), sentence), end);
}

/** The foot: what leads back, a sentence, what leads on. */
export function Foot({ back, say, children }) {
  return h("footer", { class: "foot", key: "foot" }, h("div", {}, back, h("p", { class: "say" }, say), children));
}

export function Main({ children }) {
  return h("main", { key: "main", id: "main" }, children);
}

export function Button({ onClick, href, kind = "", children, ...rest }) {
  const look = { ...rest, class: `button ${kind}`.trim() };
  return href ? h("a", { ...look, href }, children) : h("button", { type: "button", ...look, onClick }, children);
}

/** A box with a sign, a sentence, and what can be done about it. */
export function Note({ kind = "skipped", sign = "!", role, children, act }) {
  const mark = h("span", { class: `mark ${kind}`, "aria-hidden": "true" }, sign);
  return h("div", { class: `note ${kind}`, role, tabIndex: role === "alert" ? -1 : null }, mark, h("div", { class: "words" }, children), act ? h("div", { class: "act" }, act) : null);
}

/** Leads to what is wrong, wherever on the screen the button was that has told of it. */
export function showFault() {
  requestAnimationFrame(() => requestAnimationFrame(() => document.querySelector("main [role=alert]")?.focus()));
}

/** What is shown while something is fetched: the heading, and rows that are not there yet. */
export function Skeleton({ rows = 4 }) {
  const lines = Array.from({ length: rows }, (_, at) => h("div", { key: at, class: "bone" }));
  return h("div", { class: "skeleton", "aria-hidden": "true" }, lines);
}

/** A dialog of the browser's own, which keeps the focus inside and closes on Escape. */
export function Dialog({ onClose, label, children }) {
  const open = (dom) => { if (!dom.open) dom.showModal(); };
  return h("dialog", { key: "dialog", class: "dialog", "aria-label": label, ref: open, onClose, onCancel: onClose }, children);
}
