// The columns of a file, and the field that somebody, or the service, has chosen for each. No field has two columns.

import { writableFields } from "./resources.js";

const SURE = 0.9;
const FAIRLY_SURE = 0.7;
const SUGGESTED = 0.5;
const SAMPLES = 5;

export class Columns {
  constructor(source, resource, one) {
    Object.assign(this, { source, resource });
    const hasChosen = Object.keys(one.column_mapping ?? {}).length > 0;
    this.all = source.columns.map((column, at) => ({
      ...column, at, explored: column.field,
      samples: samplesOf(source.rows, at),
      meant: column.field ?? (column.confidence >= SUGGESTED ? column.suggested : null),
      field: hasChosen ? column.field : suggestedField(column),
    }));
  }

  get counts() {
    return { all: this.all.length, mapped: this.all.filter((one) => one.field).length };
  }

  get leftOut() {
    return this.all.filter((one) => !one.field).map((one) => one.header);
  }

  /** Chooses a field for a column, or none; the column that had it before is left out. */
  choose(at, field) {
    for (const one of this.all) if (field && one.field === field) one.field = null;
    Object.assign(this.all[at], { field: field || null, byHand: true });
  }

  /**
   * Takes what the whole of a source shows in the place of what its beginning has shown; what somebody has chosen by hand
   * stays. Returns whether every column still feeds the field that it did.
   */
  takeWhole(source, one) {
    const before = this.all;
    const { all } = new Columns(source, this.resource, one);
    for (const { at, header, field, byHand } of before) if (byHand && all[at]?.header === header) Object.assign(all[at], { field, byHand });
    const taken = new Set(all.filter((one) => one.byHand).map((one) => one.field));
    for (const one of all) if (!one.byHand && taken.has(one.field)) one.field = null;
    Object.assign(this, { source, all });
    return before.length === all.length && all.every((one, at) => one.header === before[at].header && one.field === before[at].field);
  }

  /** Header by field, as imports take it. Null keeps a column that is left out from feeding what its header means. */
  get mapping() {
    const chosen = this.all.filter((one) => one.field).map((one) => [one.field, one.header]);
    const fed = new Set(chosen.map(([field]) => field));
    const kept = this.all.filter((one) => !one.field && one.meant && !fed.has(one.meant)).map((one) => [one.meant, null]);
    return Object.fromEntries([...kept, ...chosen]);
  }

  /** Fields that a new record needs and no column feeds. A field may follow from parts, such as a name from two. */
  missing(action) {
    if (action === "update" || action === "delete") return [];
    const fed = new Set(this.all.map((one) => one.field));
    return writableFields(this.resource).filter((field) => field.required && !fed.has(field.name) && !this.#follows(field, fed)).map((field) => field.name);
  }

  #follows(field, fed) {
    return field.name.endsWith("name") && fed.has("first_name") && fed.has("last_name");
  }

  /** How sure the field of a column is: 3, 2 or 1 bars, and the words for why; null where somebody has chosen it. */
  certainty(at) {
    const one = this.all[at];
    const candidate = one.candidates.find((found) => found.field === one.field);
    if (!candidate) return null;
    return { bars: candidate.confidence >= SURE ? 3 : candidate.confidence >= FAIRLY_SURE ? 2 : 1, why: candidate.why };
  }

  /** What the dates of a column show of their order, {order, proof, unclear}; null where it makes no difference. */
  dates(at) {
    const { field, dates } = this.all[at];
    const type = this.#typeOf(field);
    return (type === "date" || type === "datetime") && dates?.unclear ? dates : null;
  }

  /** Whether nobody has looked yet which words of a column its field does not know: it was chosen against all likelihood. */
  isUnexplored(at) {
    const one = this.all[at];
    const isOfWords = ["choice", "boolean"].includes(this.#typeOf(one.field));
    return isOfWords && one.field !== one.explored && !one.candidates.some((found) => found.field === one.field);
  }

  /** Takes what was seen of the columns by the fields that they have now. */
  explore(source) {
    source.columns.forEach((column, at) => Object.assign(this.all[at], { unknown_words: column.unknown_words, explored: column.field }));
  }

  #typeOf(name) {
    return this.resource.fields.find((field) => field.name === name)?.type ?? null;
  }
}

/** What is suggested; where nothing is sure enough, what the import would do by itself. */
function suggestedField(column) {
  return column.confidence >= SUGGESTED ? column.suggested : column.field;
}

function samplesOf(rows, at) {
  return [...new Set(rows.map((row) => String(row[at] ?? "").trim()).filter(Boolean))].slice(0, SAMPLES);
}
