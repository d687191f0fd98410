// The faulty rows of an import, by kind of fault, as a sheet or a card shows them.

import { joinedRow } from "./alike.js";
import { decisive, titleOf, WHOLE_ROW } from "./problems.js";
import { labelOf, writableFields } from "./resources.js";
import { poll } from "./polling.js";
import { hasEnded } from "./states.js";
import { number, knows, t } from "./text.js";
import { textOf } from "./value.js";

const PAGE_ROWS = 500;
const MOST_ROWS = 10_000;

export class FaultyRows {
  all = [];
  headers = [];
  kinds = [];
  #byNumber = new Map();

  constructor(one, resource) {
    Object.assign(this, { one, resource });
  }

  get count() {
    return this.all.length;
  }

  of(rowNumber) {
    return this.#byNumber.get(rowNumber);
  }

  /** Fetches all of them, page by page, without those that retries have mended; `onPage` is called when the first is here. */
  async load(api, signal, onPage) {
    const later = new Map();
    const last = this.one.retries?.at(-1); // the only one that may be at work
    if (last) await poll(async () => hasEnded((await api.get(`/v1/imports/${last}`)).data), signal);
    for (const id of this.one.retries ?? []) for await (const row of eachRow(api, id, {}, signal)) later.set(row.row_number, row);
    for await (const row of eachRow(api, this.one.id, { outcome: "failed" }, signal)) {
      const now = later.get(row.row_number);
      if (now && now.outcome !== "failed") continue;
      this.#add({ ...row, problems: now?.problems ?? row.problems });
      if (this.all.length === PAGE_ROWS) onPage();
      if (this.all.length === MOST_ROWS) break;
    }
    this.sort();
  }

  #add(row) {
    const given = Object.fromEntries(Object.entries(row.given ?? {}).map(([header, value]) => [header, textOf(value)]));
    if (Object.keys(given).length > this.headers.length && !isTooLong(row)) this.headers = Object.keys(given);
    const one = { number: row.row_number, line: row.line, given, problems: decisive(row.problems) };
    this.all.push(one);
    this.#byNumber.set(one.number, one);
  }

  leaveOut(numbers) {
    for (const one of numbers) this.#byNumber.delete(one);
    this.all = this.all.filter((row) => this.#byNumber.has(row.number));
    this.sort();
  }

  /** Puts rows under the kinds of their first problems, the most frequent kind first. */
  sort() {
    const counts = new Map();
    for (const row of this.all) counts.set(kindOf(row.problems[0]), (counts.get(kindOf(row.problems[0])) ?? 0) + 1);
    this.kinds = [...counts].sort(([, a], [, b]) => b - a).map(([kind, count]) => ({ kind, count, title: this.#titleOf(kind) }));
  }

  #titleOf(kind) {
    const [code, field] = kind.split(" ");
    if (knows(`kind.${code}`)) return t(`kind.${code}`);
    return field ? labelOf(this.resource, field) : titleOf(code);
  }

  /** Numbers of the rows of which every faulty cell was edited. */
  mended(edits) {
    return this.all.filter((row) => edits.has(row.number) && row.problems.every((problem) => this.#isEdited(row, problem, edits))).map((row) => row.number);
  }

  #isEdited(row, problem, edits) {
    const header = this.headerOf(problem);
    return header ? edits.value(row.number, header) !== undefined : edits.has(row.number);
  }

  /** The header that fed the field of a problem. */
  headerOf(problem) {
    if (problem.header) return problem.header;
    return this.headers.find((header) => this.fieldOf(header) === problem.field) ?? null;
  }

  /** The field that a header feeds, or null. */
  fieldOf(header) {
    this.fields ??= fieldsByHeader(this.one, this.resource, this.headers);
    return this.fields.get(header) ?? null;
  }

  /** A sheet of one kind of fault: the faulty column first, then the others as they stand in the file. */
  modelOf(kind, edits) {
    const rows = this.all.filter((row) => kindOf(row.problems[0]) === kind);
    const cells = rows.flatMap((row) => row.problems.filter((one) => kindOf(one) === kind).map((one) => this.#cellOf(row, one)));
    const faulty = cells[0]?.header ?? null;
    const headers = [...(faulty ? [faulty] : []), ...this.headers.filter((header) => header !== faulty)];
    const columns = headers.map((header) => ({ header, label: this.fieldOf(header) ? labelOf(this.resource, this.fieldOf(header)) : header }));
    const given = (row, header) => edits.value(row.number, header) ?? row.given[header] ?? "";
    const isFaulty = (row, header) => row.problems.some((one) => WHOLE_ROW.has(one.code) || this.headerOf(one) === header);
    return {
      kind, rows, cells, columns, count: rows.length, numbers: t("mend.number"),
      number: (row) => number(rows[row].number),
      value: (row, column) => given(rows[row], headers[column]),
      original: (row, column) => rows[row].given[headers[column]] ?? "",
      fault: (row, column) => (edits.value(rows[row].number, headers[column]) !== undefined ? "mended" : isFaulty(rows[row], headers[column]) ? "bad" : null),
      isEditable: (row, column) => this.fieldOf(headers[column]) !== null,
      edit: (changes) => changes.map(({ row, column, value }) => ({ number: rows[row].number, header: headers[column], value })),
    };
  }

  #cellOf(row, problem) {
    const header = WHOLE_ROW.has(problem.code) ? null : this.headerOf(problem);
    return { number: row.number, header, code: problem.code, field: problem.field, value: header ? row.given[header] ?? "" : null, facts: problem.facts ?? {}, row };
  }

  isRequired = (field) => Boolean(writableFields(this.resource).find((one) => one.name === field)?.required);

  /** Rows with a cell too many that can be joined, as fixes have them. */
  joinable(cells) {
    return cells.filter((cell) => cell.code === "row_too_long").flatMap(({ row }) => {
      const joined = joinedRow(row.given, this.headers);
      return joined ? Object.entries(joined).map(([header, value]) => ({ number: row.number, header, value })) : [];
    });
  }
}

/** The rows of an import that fit a filter, page by page. */
export async function* eachRow(api, id, filter, signal) {
  let cursor;
  do {
    const answer = await api.get(`/v1/imports/${id}/rows`, { ...filter, limit: PAGE_ROWS, cursor });
    yield* answer.data;
    cursor = answer.pagination.cursor;
  } while (cursor && !signal.aborted);
}

/** What a retry is given for a row: its edits by field; of a row that had no shape, the whole row. */
export function retryValues(row, edits, rows) {
  const isWhole = row.problems.some((one) => WHOLE_ROW.has(one.code));
  const headers = isWhole ? rows.headers : Object.keys(edits.values.get(row.number) ?? {});
  const given = headers.map((header) => [rows.fieldOf(header), edits.value(row.number, header) ?? row.given[header] ?? ""]);
  return Object.fromEntries(given.filter(([field]) => field).map(([field, value]) => [field, value === "" ? null : value]));
}

/** What faults are told apart by: the code, and the field. */
function kindOf(problem) {
  return problem ? [problem.code, problem.field].filter(Boolean).join(" ") : "other";
}

function isTooLong(row) {
  return row.problems.some((one) => one.code === "row_too_long");
}

/** Which header feeds which field: as the import says, or else by the names that imports know. */
function fieldsByHeader(one, resource, headers) {
  if (one.columns) return new Map(one.columns.filter((column) => column.field).map((column) => [column.header, column.field]));
  const mapped = new Map(Object.entries(one.column_mapping ?? {}).map(([field, header]) => [header, field]));
  const names = new Map(writableFields(resource).flatMap((field) => [field.name, field.label, ...field.aliases].map((name) => [plain(name), field.name])));
  return new Map(headers.map((header) => [header, mapped.get(header) ?? names.get(plain(header))]).filter(([, field]) => field));
}

function plain(name) {
  return name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");
}
