// Resources and their fields by the names that people know. They are asked for once and kept.

import { knows, t } from "./text.js";

let asked = null;

export function resourcesOf(api) {
  asked ??= api.get("/v1/resources").then((answer) => answer.data);
  asked.catch(() => { asked = null; });
  return asked;
}

export async function resourceOf(api, name) {
  const all = await resourcesOf(api);
  return all.find((one) => one.name === name || one.plural === name) ?? null;
}

/** The name of many, such as "Customers". */
export function pluralOf(name) {
  const key = `resource.${name}`;
  return knows(key) ? t(key) : capital(name ?? "");
}

/** The name of one inside a sentence, such as "customer". */
export function singularOf(name) {
  const key = `one.${name}`;
  return knows(key) ? t(key) : name ?? "";
}

/** A name as it stands inside a sentence: only German writes it with a capital. */
export function inSentence(word) {
  return document.documentElement.lang === "de" ? word : word.toLowerCase();
}

export function labelOf(resource, name) {
  if (knows(`field.${name}`)) return t(`field.${name}`);
  return resource?.fields.find((one) => one.name === name)?.label ?? name;
}

export function writableFields(resource) {
  return resource.fields.filter((one) => !one.read_only);
}

function capital(word) {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
