// Faults that are alike, and what would mend each of them: one press for all rows that have it.
//
// In go the faulty cells of one kind, [{number, header, code, field, value, facts, row}]; out come fixes, each with the
// cells that it mends and what they would be. Nothing is guessed: a fix keeps what the value says, or leaves it out.

const NOTHING = /^\s*(-+|–|—|\?+|n\/?a|n\.a\.|none|null|nil|nan|unknown|tbd|keine?|aucun|ninguno)\s*$/i;
const ADDRESS = /^[^@\s;,<>]+@[^@\s;,<>]+\.[a-z]{2,}$/i;
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g;

/** By code: name of the fix, the value that it makes of a value, or null where it does not fit. */
const FIXES = {
  invalid_email: [
    ["first", (value) => address(value, value.split(/[;,\s]+(?=\S+@)/)[0])],
    ["space", (value) => address(value, value.replace(/\s+/g, ""))],
    ["dots", (value) => address(value, value.replace(/\.{2,}/g, "."))],
    ["ats", (value) => address(value, value.replace(/@{2,}/g, "@"))],
    ["comma_dot", (value) => address(value, value.replace(/,(?=[a-z]+$)/i, "."))],
  ],
  invalid_text: [["control", (value) => mended(value, value.replace(CONTROL, ""))]],
  ambiguous_date: [
    ["day_first", (_, facts) => facts.readings?.split(" or ")[0] ?? null],
    ["month_first", (_, facts) => facts.readings?.split(" or ")[1] ?? null],
  ],
};

function mended(value, better) {
  return better && better !== value ? better : null;
}

/** What looks like an address, and was none before. */
function address(value, better) {
  return ADDRESS.test(better) && !better.includes("..") ? mended(value, better) : null;
}

/** The fixes that fit some of the cells, the one that mends most first. `isRequired` tells fields that must not be empty. */
export function fixesOf(cells, isRequired) {
  const fixes = new Map();
  const add = (name, cell, to) => {
    const fix = fixes.get(name) ?? { name, cells: [], value: cell.value };
    fix.cells.push({ number: cell.number, header: cell.header, from: cell.value, to });
    fixes.set(name, fix);
  };
  for (const cell of cells) {
    if (!cell.header || typeof cell.value !== "string") continue;
    if (NOTHING.test(cell.value) && !isRequired(cell.field)) add("none", cell, "");
    else addFitting(cell, add);
  }
  return [...fixes.values()].sort((one, other) => other.cells.length - one.cells.length);
}

function addFitting(cell, add) {
  for (const [name, mend] of FIXES[cell.code] ?? []) {
    const to = mend(cell.value, cell.facts);
    if (to === null) continue;
    add(name, cell, to);
    if (cell.code !== "ambiguous_date") return;
  }
}

/** Values that are no choice, the most frequent first: {value, choices, cells}; somebody says which choice each means. */
export function strangeChoices(cells) {
  const found = new Map();
  for (const cell of cells) {
    if (cell.code !== "not_a_choice" || !cell.header) continue;
    const one = found.get(cell.value) ?? { value: cell.value, choices: String(cell.facts.choices ?? "").split(", "), cells: [] };
    one.cells.push(cell);
    found.set(cell.value, one);
  }
  return [...found.values()].sort((one, other) => other.cells.length - one.cells.length);
}

/** A row with too many cells, one of which begins with a space: it was cut off the cell before it. Returns the row as it
 *  was meant, by header, or null. */
export function joinedRow(given, headers) {
  const cells = Object.entries(given);
  const at = cells.findIndex(([, value], n) => n > 0 && /^ \S/.test(value ?? ""));
  if (cells.length !== headers.length + 1 || at < 1) return null;
  const values = cells.map(([, value]) => value);
  values.splice(at - 1, 2, `${values[at - 1]},${values[at]}`);
  return Object.fromEntries(headers.map((header, n) => [header, values[n] ?? ""]));
}
