// Words of a column that its field does not know, and what somebody has said that they mean: `value_mapping`, by field and word.

import { number, t } from "./text.js";
import { Value } from "./value.js";
import { h } from "./view.js";

const SHOWN = 8;
const BOOLEANS = [["true", true], ["false", false]];

/** What words of the fields mean, as it was stated, and as somebody goes on to state it. */
export class WordMeanings {
  constructor(stated) {
    this.byField = new Map(Object.entries(stated ?? {}).map(([field, words]) => [field, new Map(Object.entries(words))]));
  }

  meaningOf(field, word) {
    return this.byField.get(field)?.get(word);
  }

  /** `undefined` takes back what the word was said to mean. */
  say(field, word, meaning) {
    const words = this.byField.get(field) ?? new Map();
    if (meaning === undefined) words.delete(word);
    else words.set(word, meaning);
    this.byField.set(field, words);
  }

  /** As an import takes it, of the fields that have a column. */
  mapping(fields) {
    const stated = [...this.byField].filter(([field, words]) => words.size && fields.has(field));
    return Object.fromEntries(stated.map(([field, words]) => [field, Object.fromEntries(words)]));
  }
}

/** What may be said that a word means: [as it is chosen, what is stated, in words]; nothing for a field without choices. */
export function meaningsOf(field) {
  if (field?.type === "boolean") return BOOLEANS.map(([name, meaning]) => [name, meaning, t(`words.${name}`)]);
  return (field?.choices ?? []).map((choice) => [choice, choice, choice]);
}

/** The words of a column that its field does not know, and those of which somebody has said it: [{word, rows}]. */
export function wordsAsked(column, meanings) {
  const unknown = column.unknown_words.filter((one) => one.field === column.field);
  const known = new Set(unknown.map((one) => one.word));
  const said = [...(meanings.byField.get(column.field)?.keys() ?? [])].filter((word) => !known.has(word));
  return [...unknown, ...said.map((word) => ({ word, rows: null }))];
}

/** A line for each of the words below their column, with what it may mean. */
export function WordQuestions({ column, field, label, meanings, onSay }) {
  const asked = wordsAsked(column, meanings);
  const lines = asked.slice(0, SHOWN).map((one) => h(WordLine, { key: one.word, one, field, meanings, onSay }));
  const open = asked.filter((one) => meanings.meaningOf(field.name, one.word) === undefined).length;
  const more = asked.length > SHOWN ? h("p", { key: "more", class: "soft" }, t("words.more", { count: asked.length - SHOWN })) : null;
  return h("tr", { class: "answer" }, h("td", { colSpan: 3 }, h("fieldset", { class: "ask words" },
    h("legend", {}, h("span", { class: open ? "mark skipped" : "mark created", "aria-hidden": "true" }, open ? "?" : "✓"), " ", t("words.title", { field: label })),
    h("ul", {}, lines), more, open ? h("p", { key: "open", class: "soft" }, t("words.open")) : null)));
}

function WordLine({ one, field, meanings, onSay }) {
  const options = [["", undefined, t("alike.choose")], ...meaningsOf(field)];
  const now = meanings.meaningOf(field.name, one.word);
  const [chosen] = options.find(([, meaning]) => meaning === now) ?? options[0];
  const choose = (event) => onSay(field.name, one.word, options.find(([name]) => name === event.target.value)[1]);
  return h("li", {},
    h("span", { class: "word" }, h(Value, { of: one.word }), one.rows ? h("span", { class: "soft num" }, ` × ${number(one.rows)}`) : null),
    h("span", { class: "soft" }, t("alike.means")),
    h("select", { class: chosen ? "pick" : "pick none", "aria-label": t("alike.means_of", { value: one.word }), value: chosen, onChange: choose }, options.map(([value, , words]) => h("option", { key: value, value }, words))));
}
