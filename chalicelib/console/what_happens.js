// What should happen with the rows, and by what a record is recognised.

import { inSentence, labelOf, pluralOf, singularOf } from "./resources.js";
import { Remember } from "./remembering.js";
import { t } from "./text.js";
import { h } from "./view.js";

const ACTION_ORDER = ["merge", "create", "update", "overwrite", "delete"];
const EXPLAINED = new Set(["merge", "overwrite", "delete"]);

export function WhatHappens({ state, set }) {
  const what = inSentence(pluralOf(state.one.resource));
  const choices = ACTION_ORDER.filter((one) => state.resource.actions.includes(one)).map((one) => h("label", { key: one, class: "choice" },
    h("input", { type: "radio", name: "action", checked: state.action === one, onChange: () => set({ action: one }) }),
    h("span", {}, t(`happens.${one}`), EXPLAINED.has(one) ? h("small", {}, t(`happens.${one}.why`, { what })) : null)));
  return h("aside", { class: "side" },
    h("section", { class: "sheet" }, h("fieldset", {}, h("legend", {}, h("b", {}, t("happens"))), choices)),
    h(Recognised, { state, set }),
    state.profile ? h(Remember, { state, set }) : null);
}

/** The identities that columns feed; each may be left out, and the order changed. */
function Recognised({ state, set }) {
  const fed = new Set(state.columns.all.map((one) => one.field));
  const possible = state.resource.identities.filter((fields) => fields.length === 1 && fed.has(fields[0])).map(([name]) => name);
  if (!possible.length || state.action === "create") return null;
  const chosen = (state.identities ?? possible).filter((name) => possible.includes(name));
  const rest = possible.filter((name) => !chosen.includes(name));
  const toggle = (name) => set({ identities: chosen.includes(name) ? chosen.filter((one) => one !== name) : [...chosen, name] });
  const lift = (at) => set({ identities: chosen.map((name, n) => (n === at - 1 ? chosen[at] : n === at ? chosen[at - 1] : name)) });
  const box = (name, at) => h("input", { type: "checkbox", checked: at !== null, disabled: at !== null && chosen.length === 1, onChange: () => toggle(name) });
  const line = (name, at) => h("li", { key: name },
    h("label", { class: "choice" }, possible.length > 1 ? box(name, at) : null, h("span", {}, labelOf(state.resource, name))),
    at ? h("button", { type: "button", class: "link", "aria-label": t("recognised.lift", { field: labelOf(state.resource, name) }), onClick: () => lift(at) }, "↑") : null);
  return h("section", { class: "sheet" }, h("h2", {}, t("recognised", { what: inSentence(singularOf(state.one.resource)) })),
    h("ol", { class: "ids" }, chosen.map(line), rest.map((name) => line(name, null))));
}
