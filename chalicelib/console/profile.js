// One import profile: what it says, an import with it, another name for it, and its end.

import { Button, Head, Main, Note, PlaceBar, Skeleton } from "./frame.js";
import { NameInput } from "./remembering.js";
import { labelOf, pluralOf, resourceOf } from "./resources.js";
import { ago, list, t, time } from "./text.js";
import { Value } from "./value.js";
import { h } from "./view.js";

/** Options that are shown in tables of their own. */
const IN_TABLES = new Set(["column_mapping", "value_mapping"]);
const WITH_WORDS = new Set(["action", "match_by", "reading", "max_failed", "max_deleted", "merge_rules", "create_missing"]);

export function profileScreen(app, { id }) {
  const at = `/v1/import-profiles/${encodeURIComponent(id)}`;
  const state = { one: null, resource: null, name: null, isSure: false };

  async function load() {
    state.one = (await app.api.get(at)).data;
    state.resource = await resourceOf(app.api, state.one.resource);
  }

  /** A profile is found by its name, so that another name makes another one; the old one goes once the new one is there. */
  async function rename() {
    const { name, one } = state;
    if (name && name !== one.name) {
      const { data } = await app.api.post("/v1/import-profiles", { ...one.options, name, resource: one.resource });
      await app.api.remove(at);
      return app.go(`#/profiles/${data.id}`, { replace: true });
    }
    state.name = null;
  }

  async function remove() {
    if (!state.isSure) return Object.assign(state, { isSure: true });
    await app.api.remove(at);
    app.go("#/profiles");
  }

  const doing = (work) => () => app.run(work, { again: false });
  const act = { rename: doing(rename), remove: doing(remove), name: (name) => { state.name = name; app.draw(); } };
  app.run(load);
  return {
    title: () => state.one?.name ?? t("place.profiles"),
    view: () => [h(PlaceBar, { at: "profiles" }), h(Main, {}, state.one && state.resource ? h(ProfileView, { state, act }) : h(Skeleton))],
  };
}

function ProfileView({ state, act }) {
  const { one, resource } = state;
  const end = h("div", { class: "actions" },
    h(Button, { onClick: () => act.name(one.name) }, t("profile.rename")),
    h(Button, { onClick: act.remove }, t(state.isSure ? "sure_delete" : "delete")),
    h(Button, { kind: "main", href: `#/new?profile=${encodeURIComponent(one.name)}` }, t("profile.use")));
  const words = Object.entries(one.options.value_mapping ?? {}).flatMap(([field, meanings]) => Object.entries(meanings).map(([word, meaning]) => [field, word, meaning]));
  return [
    h(Head, { key: "head", title: h("bdi", {}, one.name), lead: [pluralOf(one.resource), " · ", h("span", { key: "at", title: time(one.updated_at) }, t("profile.changed", { at: ago(one.updated_at) }))], end }),
    state.name === null ? null : h(Renaming, { key: "name", name: state.name, act }),
    h(Facts, { key: "facts", options: one.options, resource }),
    h(ColumnsOfProfile, { key: "columns", mapping: one.options.column_mapping ?? {}, resource }),
    words.length ? h(WordsOfProfile, { key: "words", words, resource }) : null,
  ];
}

function Renaming({ name, act }) {
  const save = (event) => { event.preventDefault(); act.rename(); };
  return h("form", { class: "sheet form", onSubmit: save },
    h(Note, { kind: "skipped" }, h("p", {}, t("profile.rename_why"))),
    h("label", { class: "line" }, h("b", {}, t("profile.new_name")), h(NameInput, { value: name, onName: act.name })),
    h("div", { class: "actions" }, h("button", { class: "button main", type: "submit" }, t("settings.save")), h(Button, { onClick: () => act.name(null) }, t("profile.keep_name"))));
}

/** Options by the words that people know; any other as it is stated. */
function Facts({ options, resource }) {
  const names = Object.keys(options).filter((name) => !IN_TABLES.has(name));
  if (!names.length) return null;
  const lines = names.flatMap((name) => [h("dt", { key: `${name} dt` }, WITH_WORDS.has(name) ? t(`profile.${name}`) : name), h("dd", { key: name }, factOf(name, options[name], resource))]);
  return h("section", { class: "sheet facts" }, h("dl", {}, lines));
}

function factOf(name, value, resource) {
  if (name === "action") return t(`action.${value}`);
  if (name === "match_by" || name === "create_missing") return list(value.map((field) => labelOf(resource, field)));
  if (name === "merge_rules") return list(Object.entries(value).map(([field, rule]) => `${labelOf(resource, field)}: ${rule}`));
  if (name === "reading") return list(Object.entries(value).map(([fact, how]) => `${fact}: ${how}`));
  return value === null ? t("profile.no_limit") : h(Value, { of: value });
}

function ColumnsOfProfile({ mapping, resource }) {
  const lines = Object.entries(mapping).map(([field, header]) => h("tr", { key: field },
    h("td", {}, header === null ? h("span", { class: "soft" }, t("profile.left_out")) : h(Value, { of: header, class: "" })), h("td", {}, labelOf(resource, field))));
  return h(TwoColumns, { title: t("profile.columns"), heads: [t("profile.header"), t("columns.ours")], lines, nothing: t("profile.no_columns") });
}

function WordsOfProfile({ words, resource }) {
  const said = (meaning) => (typeof meaning === "boolean" ? t(`words.${meaning}`) : meaning);
  const lines = words.map(([field, word, meaning]) => h("tr", { key: `${field} ${word}` }, h("td", {}, h(Value, { of: word }), h("span", { class: "soft" }, ` · ${labelOf(resource, field)}`)), h("td", {}, said(meaning))));
  return h(TwoColumns, { title: t("profile.words"), heads: [t("profile.word"), t("profile.meaning")], lines });
}

function TwoColumns({ title, heads, lines, nothing }) {
  const table = h("table", { class: "table pairs" }, h("thead", {}, h("tr", {}, heads.map((head) => h("th", { key: head, scope: "col" }, head)))), h("tbody", {}, lines));
  return [h("h2", { key: "title", class: "section" }, title), h("section", { key: "lines", class: "sheet listed", "aria-label": title }, lines.length ? table : h("p", { class: "nothing soft" }, nothing))];
}
