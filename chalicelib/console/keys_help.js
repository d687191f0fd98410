// The keys that screens know.

import { t } from "./text.js";
import { h } from "./view.js";

const KEYS = [
  ["?", "help"], ["Tab", "next"], ["Enter", "press"], ["Esc", "close"],
  ["↑ ↓ ← →", "move"], ["F2", "edit"], ["F8", "next_fault"], ["Ctrl V", "paste"], ["Ctrl D", "down"], ["Ctrl Z", "back"],
];

export function KeysHelp() {
  const lines = KEYS.map(([key, name]) => [
    h("dt", { key: `${name}-key` }, key.split(" ").map((one) => h("kbd", { key: one }, one))),
    h("dd", { key: name }, t(`keys.${name}`)),
  ]);
  return [
    h("h2", { key: "title" }, t("keys.title")),
    h("dl", { key: "keys", class: "keylist" }, lines),
    h("form", { key: "close", method: "dialog" }, h("button", { class: "button" }, t("close"))),
  ];
}
