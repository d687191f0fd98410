// Values of files as people see them: each in its own direction, and what deceives the eye drawn.

import { h } from "./view.js";

const DECEPTIVE = /([\u0000-\u001f\u007f\u00a0\u00ad\u2000-\u200f\u2028-\u202f\u205f\u2060\u3000\ufeff]|^ +| +$| {2,})/;

/** A value in a `bdi`; `plain` leaves white space as it is. */
export function Value({ of, plain = false, class: kind = "value" }) {
  const text = textOf(of);
  return h("bdi", { class: kind }, plain ? text : drawn(text));
}

export function textOf(value) {
  if (value === null || value === undefined) return "";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** The text with signs in the place of white space and control characters that would deceive. */
export function drawn(text) {
  return text.split(DECEPTIVE).map((part, at) => (at % 2 ? h("span", { class: "ws", title: codeOf(part) }, signOf(part)) : part));
}

function signOf(part) {
  if (part === "\n" || part === "\r") return "↵";
  if (part === "\t") return "⇥";
  if (/^ +$/.test(part)) return "␣".repeat(part.length);
  const code = part.charCodeAt(0);
  return code < 0x20 ? String.fromCharCode(0x2400 + code) : code === 0x7f ? "␡" : "␣";
}

function codeOf(part) {
  return `U+${part.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}`;
}
