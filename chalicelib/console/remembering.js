// What somebody has chosen for a file, remembered for the next one with the same headers: an import profile.

import { Refusal } from "./api.js";
import { Note } from "./frame.js";
import { t } from "./text.js";
import { h } from "./view.js";

const PROFILE_NAME_CHARACTERS = 64;

/** All profiles; none for a key that may not see them, which remembers nothing. */
export async function profilesOf(api) {
  try {
    return (await api.get("/v1/import-profiles")).data;
  } catch (error) {
    if (error instanceof Refusal && error.status === 403) return [];
    throw error;
  }
}

/** The profile of this resource whose mapped headers a file all has, the one with most of them; null where there is none. */
export function fittingProfile(profiles, resource, headers) {
  const there = new Set(headers);
  const wanted = (profile) => Object.values(profile.options.column_mapping ?? {}).filter(Boolean);
  const fitting = profiles.filter((one) => one.resource === resource && wanted(one).length && wanted(one).every((header) => there.has(header)));
  return fitting.sort((one, other) => wanted(other).length - wanted(one).length)[0] ?? null;
}

/** Makes the profile, or states anew what the one of this name has. */
export async function remember(api, name, resource, options) {
  const known = (await profilesOf(api)).some((one) => one.name === name);
  await (known ? api.post(`/v1/import-profiles/${name}`, options) : api.post("/v1/import-profiles", { ...options, name, resource }));
}

/** A name for a profile, from that of a file: what changes from week to week, digits, is left out. */
export function nameOf(file, resource) {
  const stem = (file ?? "").replace(/\.\w+$/, "").normalize("NFKD").replace(/[^A-Za-z._-]+/g, "-");
  const name = stem.replace(/-{2,}/g, "-").replace(/^[^A-Za-z]+|[^A-Za-z]+$/g, "");
  return `${name || resource}`.slice(0, PROFILE_NAME_CHARACTERS);
}

/** Which profile the columns are chosen by, and the others that there are for this resource. */
export function Recalled({ profile, onChoose }) {
  const options = [profile.found ? null : h("option", { key: "", value: "" }, t("remember.none")), ...profile.all.map((one) => h("option", { key: one.name, value: one.name }, one.name))];
  const choice = h("label", { class: "fact" }, h("span", {}, t("remember.profile")), h("select", { value: profile.found ?? "", onChange: (event) => event.target.value && onChoose(event.target.value) }, options));
  const said = h("p", {}, t("remember.found", { name: profile.found }));
  return h("div", { class: "above" }, profile.found ? h(Note, { kind: "accent", sign: "✓", act: profile.all.length > 1 ? choice : null }, said) : choice);
}

export function Remember({ state, set }) {
  const { name, isWanted } = state.profile;
  const change = (with_) => set({ profile: { ...state.profile, ...with_ } });
  return h("section", { class: "sheet" },
    h("label", { class: "choice" }, h("input", { type: "checkbox", checked: isWanted, onChange: (event) => change({ isWanted: event.target.checked }) }),
      h("span", {}, t("remember"), h("small", {}, t("remember.why", { count: state.columns.counts.all })))),
    isWanted ? h("label", { class: "line" }, h("span", { class: "sr" }, t("remember.name")),
      h(NameInput, { value: name, onName: (given) => change({ name: given || nameOf("", state.one.resource) }) })) : null);
}

/** Where a profile is named; what its name cannot have is left out of it. */
export function NameInput({ value, onName }) {
  const tell = (event) => onName(event.target.value.replace(/[^A-Za-z0-9._-]+/g, "-").replace(/^[^A-Za-z0-9]+/, ""));
  return h("input", { class: "text", name: "name", value, maxLength: PROFILE_NAME_CHARACTERS, pattern: "[A-Za-z0-9][A-Za-z0-9._\\-]*", autocomplete: "off", onChange: tell });
}
