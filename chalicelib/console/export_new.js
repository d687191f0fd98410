// A new export: of what, which records, in which formats, once or again and again.

import { Button, Foot, Head, Main, Note, PlaceBar, showFault, Skeleton } from "./frame.js";
import { Conditions, groupOf, isWhole } from "./conditions.js";
import { inSentence, pluralOf, resourcesOf } from "./resources.js";
import { expressionOf, OFTEN } from "./schedule_words.js";
import { t } from "./text.js";
import { h } from "./view.js";

const FORMATS = ["csv", "xlsx", "json", "ndjson"];

export function newExportScreen(app) {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const state = { resources: null, resource: null, formats: new Set(["csv"]), conditions: [], often: "once", at: "06:00", zone, name: "", incremental: false, fault: null };

  async function load() {
    state.resources = await resourcesOf(app.api);
    state.resource = state.resources.find((one) => one.name === "customer") ?? state.resources[0];
  }

  async function make() {
    state.fault = !state.conditions.every(isWhole) ? "export_new.no_value" : state.formats.size ? null : "export_new.no_format";
    if (state.fault) return showFault();
    const filters = groupOf(state.conditions);
    const wanted = { resource: state.resource.name, formats: [...state.formats], ...(filters ? { options: { filters } } : {}) };
    const name = state.name.trim() || undefined;
    if (state.often === "once") {
      await app.api.post("/v1/exports", { ...wanted, name });
      return app.go("#/exports");
    }
    const { data } = await app.api.post("/v1/export-schedules", { name, schedule: expressionOf(state.often, state.at), time_zone: state.zone, incremental: state.incremental, export: wanted });
    app.go(`#/schedules/${data.id}`);
  }

  const set = (change) => { Object.assign(state, change); app.draw(); };
  app.run(load);
  return {
    title: t("export_new.title"),
    view: () => [
      h(PlaceBar, { at: "exports" }),
      h(Main, {}, h(Head, { title: t("export_new.title"), lead: t("export_new.lead") }), state.resources ? h(ExportForm, { state, set }) : h(Skeleton)),
      h(Foot, { back: h(Button, { href: "#/exports" }, t("back")), say: "" }, h(Button, { kind: "main", onClick: () => app.run(make, { again: false }) }, buttonWords(state))),
    ],
  };
}

function buttonWords(state) {
  if (!state.resource) return t("export_new.go");
  return t(state.often === "once" ? "export_new.go_of" : "export_new.schedule_of", { what: inSentence(pluralOf(state.resource.name)) });
}

function ExportForm({ state, set }) {
  const chooseResource = (event) => set({ resource: state.resources.find((one) => one.name === event.target.value), conditions: [] });
  return h("section", { class: "sheet form" },
    state.fault ? h(Note, { kind: "failed", role: "alert" }, h("p", {}, t(state.fault))) : null,
    h("label", { key: "what", class: "line" }, h("b", {}, t("export_new.what")),
      h("select", { class: "pick", value: state.resource.name, onChange: chooseResource }, state.resources.map((one) => h("option", { key: one.name, value: one.name }, pluralOf(one.name))))),
    h(Conditions, { resource: state.resource, conditions: state.conditions, onChange: (conditions) => set({ conditions }) }),
    h(FormatBoxes, { chosen: state.formats, onChange: (formats) => set({ formats }) }),
    h(HowOften, { state, set }),
    h("label", { key: "name", class: "line" }, h("b", {}, t("export_new.name")), h("input", { class: "text", value: state.name, maxLength: 127, onInput: (event) => set({ name: event.target.value }) })));
}

function FormatBoxes({ chosen, onChange }) {
  const toggle = (format) => onChange(new Set(chosen.has(format) ? [...chosen].filter((one) => one !== format) : [...chosen, format]));
  return h("fieldset", { class: "wide" }, h("legend", {}, h("b", {}, t("export_new.formats"))),
    h("div", { class: "actions" }, FORMATS.map((one) => h("label", { key: one, class: "choice" },
      h("input", { type: "checkbox", checked: chosen.has(one), onChange: () => toggle(one) }), h("span", {}, one.toUpperCase())))));
}

function HowOften({ state, set }) {
  const options = ["once", ...OFTEN].map((one) => h("option", { key: one, value: one }, t(`often.${one}`)));
  const at = state.often === "once" || state.often === "hourly" ? null
    : h("label", { key: "at", class: "line" }, h("b", {}, t("export_new.at", { zone: state.zone })), h("input", { class: "text", type: "time", value: state.at, onChange: (event) => set({ at: event.target.value || "06:00" }) }));
  const changes = state.often === "once" ? null
    : h("label", { key: "changes", class: "choice" }, h("input", { type: "checkbox", checked: state.incremental, onChange: (event) => set({ incremental: event.target.checked }) }),
      h("span", {}, t("export_new.incremental"), h("small", {}, t("export_new.incremental_why"))));
  return [
    h("label", { key: "often", class: "line" }, h("b", {}, t("export_new.often")), h("select", { class: "pick", value: state.often, onChange: (event) => set({ often: event.target.value }) }, options)),
    at, changes,
  ];
}
