// The limits of all imports that state none of their own: where one would break them, it stops before it writes anything.

import { t } from "./text.js";
import { h } from "./view.js";

const LIMITS = ["max_failed", "max_deleted"];

/** `settings` are as the API shows them; `onSave` is given what is to change. */
export function SettingsView({ settings, isSaved, onSave }) {
  const save = (event) => {
    event.preventDefault();
    const { elements } = event.target;
    const limits = Object.fromEntries(LIMITS.map((name) => [name, limitOf(elements[name].value)]));
    onSave({ ...limits, all_or_nothing: elements.all_or_nothing.checked || null });
  };
  const limit = (name) => h("label", { key: name, class: "line" }, h("b", {}, t(`settings.${name}`)),
    h("input", { class: "text short", name, autocomplete: "off", defaultValue: settings[name] ?? "", placeholder: t("settings.no_limit"), pattern: " *\\d+([.,]\\d+)? *%? *" }));
  return [
    h("h2", { key: "title", class: "section" }, t("settings")),
    h("form", { key: "form", class: "sheet form", onSubmit: save },
      h("p", { class: "soft" }, t("settings.lead")),
      LIMITS.map(limit),
      h("label", { class: "choice" }, h("input", { type: "checkbox", name: "all_or_nothing", defaultChecked: Boolean(settings.all_or_nothing) }),
        h("span", {}, t("settings.all_or_nothing"), h("small", {}, t("settings.all_or_nothing_why")))),
      h("div", { class: "actions" }, h("button", { class: "button", type: "submit" }, t("settings.save")), isSaved ? h("span", { class: "soft", role: "status" }, t("settings.saved")) : null)),
  ];
}

/** A number of rows, or a part of them such as 5%, as the API takes it; null for no limit. */
function limitOf(text) {
  const plain = text.replace(/\s/g, "").replace(",", ".");
  if (!plain) return null;
  return plain.endsWith("%") ? plain : Number(plain);
}
