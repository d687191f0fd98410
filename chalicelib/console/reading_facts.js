// How the file is read, fact by fact; each that somebody may know better is a choice, and the file is read again at once.

import { t } from "./text.js";
import { h } from "./view.js";

const ENCODINGS = ["utf-8", "windows-1252", "windows-1250", "windows-1251", "iso-8859-15", "utf-16", "shift_jis", "gb18030"];
const DELIMITERS = [",", ";", "\t", "|"];
const HEADER_ROWS = 20;

export function ReadingFacts({ source, onRead, isReading }) {
  const rows = Array.from({ length: Math.max(HEADER_ROWS, source.header_row ?? 0) }, (_, at) => at + 1);
  return h("div", { class: "read", role: "group", "aria-label": t("read"), "aria-busy": String(isReading) },
    source.format ? h("span", { key: "format", class: "fact fixed" }, h("b", {}, source.format.toUpperCase())) : null,
    source.encoding ? h(Fact, { key: "encoding", name: "encoding", value: source.encoding.replace(/^cp(?=125\d$)/, "windows-"), values: ENCODINGS, words: (one) => one.toUpperCase(), onRead }) : null,
    source.delimiter ? h(Fact, { key: "delimiter", name: "delimiter", value: source.delimiter, values: DELIMITERS, words: (one) => t(`delimiter.${DELIMITERS.indexOf(one)}`, { one }), onRead }) : null,
    source.sheets?.length > 1 ? h(Fact, { key: "sheet", name: "sheet", value: source.sheet, values: source.sheets, words: (one) => one, onRead }) : null,
    source.header_row ? h(Fact, { key: "header_row", name: "header_row", value: source.header_row, values: rows, words: String, onRead, as: Number }) : null);
}

function Fact({ name, value, values, words, onRead, as = String }) {
  const all = values.some((one) => one === value) ? values : [value, ...values];
  return h("label", { class: "fact" }, h("span", {}, t(`read.${name}`)),
    h("select", { value: String(value), onChange: (event) => onRead({ [name]: as(event.target.value) }) }, all.map((one) => h("option", { key: String(one), value: String(one) }, values.includes(one) ? words(one) : String(one)))));
}
