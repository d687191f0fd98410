// Import profiles: what was chosen for files of one kind, under a name. They are made from what an import has had.

import { Button, Foot, Head, Main, Note, PlaceBar, Skeleton } from "./frame.js";
import { nameOf, NameInput } from "./remembering.js";
import { pluralOf } from "./resources.js";
import { ago, t } from "./text.js";
import { h } from "./view.js";

const IMPORTS_SHOWN = 50;
/** What a profile takes over from an import, as far as the import has stated it. */
const TAKEN = ["value_mapping", "reading", "match_by", "merge_rules", "create_missing"];

export function profilesScreen(app) {
  const state = { profiles: null };
  app.run(async () => { state.profiles = (await app.api.get("/v1/import-profiles")).data; });
  return {
    title: t("place.profiles"),
    view: () => [
      h(PlaceBar, { at: "profiles" }),
      h(Main, {},
        h(Head, { title: t("profiles.title"), lead: t("profiles.lead"), end: h(Button, { kind: "main", href: "#/profiles/new" }, t("profiles.new")) }),
        state.profiles === null ? h(Skeleton) : h(ProfileList, { profiles: state.profiles })),
    ],
  };
}

function ProfileList({ profiles }) {
  if (!profiles.length) return h("div", { class: "sheet nothing" }, h("h2", {}, t("profiles.none")), h("p", { class: "soft" }, t("profiles.none_lead")));
  return h("ol", { class: "sheet listed" }, profiles.map((one) => h("li", { key: one.id }, h("a", { class: "one", href: `#/profiles/${one.id}` },
    h("span", { class: "what" }, h("b", {}, h("bdi", {}, one.name)), h("small", {}, pluralOf(one.resource))),
    h("span", { class: "soft" }, t("profiles.columns", { count: mappedColumns(one.options.column_mapping) })),
    h("span", {}),
    h("time", { class: "when" }, ago(one.updated_at))))));
}

function mappedColumns(mapping) {
  return Object.values(mapping ?? {}).filter(Boolean).length;
}

/** The columns of an import as a profile maps them: as it has stated them, or as they were understood. */
export function mappingOf(one) {
  if (Object.keys(one.column_mapping ?? {}).length) return one.column_mapping;
  return Object.fromEntries((one.columns ?? []).filter((column) => column.field).map((column) => [column.field, column.header]));
}

/** What is remembered of an import: its columns, words, reading and rules, not its limits. */
export function rememberedOf(one) {
  const isStated = (value) => value && Object.keys(value).length;
  return { column_mapping: mappingOf(one), action: one.action, ...Object.fromEntries(TAKEN.filter((name) => isStated(one[name])).map((name) => [name, one[name]])) };
}

/** Imports of files that profiles can be made from. */
export function isRememberable(one) {
  return !one.is_preview && !one.retry_of && !one.undo_of && mappedColumns(mappingOf(one)) > 0;
}

export function newProfileScreen(app, { query }) {
  const state = { imports: null, chosen: query.get("import"), name: null, fault: null };
  const set = (change) => { Object.assign(state, change); app.draw(); };
  const chosen = () => state.imports?.find((one) => one.id === state.chosen) ?? null;
  const nameNow = () => state.name ?? (chosen() ? nameOf(chosen().name, chosen().resource) : "");

  async function load() {
    state.imports = (await app.api.get("/v1/imports", { limit: IMPORTS_SHOWN })).data.filter(isRememberable);
    state.chosen = chosen()?.id ?? state.imports[0]?.id ?? null;
  }

  async function make() {
    const one = chosen();
    set({ fault: nameNow() ? null : "profile_new.no_name" });
    if (state.fault) return document.querySelector("input[name=name]")?.focus();
    const { data } = await app.api.post("/v1/import-profiles", { ...rememberedOf(one), name: nameNow(), resource: one.resource });
    app.go(`#/profiles/${data.id}`);
  }

  app.run(load);
  return {
    title: t("profile_new.title"),
    view: () => [
      h(PlaceBar, { at: "profiles" }),
      h(Main, {}, h(Head, { title: t("profile_new.title"), lead: t("profile_new.lead") }),
        state.imports === null ? h(Skeleton) : h(ImportChoice, { state, set, name: nameNow() })),
      h(Foot, { back: h(Button, { href: "#/profiles" }, t("back")), say: "" },
        state.chosen && state.imports ? h(Button, { kind: "main", onClick: () => app.run(make, { again: false }) }, t("profile_new.go")) : h(Button, { kind: "main", href: "#/new" }, t("imports.new"))),
    ],
  };
}

function ImportChoice({ state, set, name }) {
  if (!state.imports.length) return h("div", { class: "sheet nothing" }, h("h2", {}, t("profile_new.none")), h("p", { class: "soft" }, t("profile_new.none_lead")));
  const choices = state.imports.map((one) => h("label", { key: one.id, class: "choice" },
    h("input", { type: "radio", name: "import", checked: state.chosen === one.id, onChange: () => set({ chosen: one.id, name: null }) }),
    h("span", {}, h("bdi", {}, one.name ?? one.id), h("small", {}, [pluralOf(one.resource), t("profiles.columns", { count: mappedColumns(mappingOf(one)) }), ago(one.created_at)].join(" · ")))));
  return h("section", { class: "sheet form" },
    state.fault ? h(Note, { kind: "failed", role: "alert" }, h("p", {}, t(state.fault))) : null,
    h("fieldset", { class: "wide" }, h("legend", {}, h("b", {}, t("profile_new.from"))), choices),
    h("label", { class: "line" }, h("b", {}, t("remember.name")), h(NameInput, { value: name, onName: (given) => set({ name: given }) })));
}
