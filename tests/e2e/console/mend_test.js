// Mending: fixes for what is alike, edits that are kept, and the sheet.

import { fixesOf, joinedRow, strangeChoices } from "/modules/alike.js";
import { Edits } from "/modules/edits.js";
import { FaultyRows, retryValues } from "/modules/faulty_rows.js";
import { Sheet } from "/modules/grid.js";
import { equal, frame, test } from "./harness.js";

const cell = (value, code = "invalid_email", facts = {}) => ({ number: 1, header: "E-mail", code, field: "email", value, facts });
const becomes = (value, ...more) => fixesOf([cell(value, ...more)], () => false).map((fix) => [fix.name, fix.cells[0].to]);

test("a fault that has a fix is known by its pattern", () => {
  equal(becomes("aoife.hughes @mail.example"), [["space", "aoife.hughes@mail.example"]]);
  equal(becomes("noah@mail..example"), [["dots", "noah@mail.example"]]);
  equal(becomes("chloe@@example.com"), [["ats", "chloe@example.com"]]);
  equal(becomes("a@mail.example; x@mail.example"), [["first", "a@mail.example"]]);
  equal(becomes("dmitri@mail,example"), [["comma_dot", "dmitri@mail.example"]]);
  equal(becomes("n/a"), [["none", ""]]);
  equal(becomes("bell \u0007", "invalid_text"), [["control", "bell "]]);
  equal(becomes("03/04/2024", "ambiguous_date", { readings: "2024-04-03 or 2024-03-04" }), [["day_first", "2024-04-03"], ["month_first", "2024-03-04"]]);
});

test("what cannot be known is left to the person", () => {
  for (const value of ["priya.macdonald.example.com", "@example.com", "noel@gmail", "<a@b.example>", ""]) equal(becomes(value), []);
  equal(fixesOf([cell("none")], () => true), []);
});

test("values that are no choice are counted", () => {
  const cells = ["paused", "dormant", "paused"].map((value) => cell(value, "not_a_choice", { choices: "active, inactive" }));

  equal(strangeChoices(cells).map((one) => [one.value, one.cells.length, one.choices]), [["paused", 2, ["active", "inactive"]], ["dormant", 1, ["active", "inactive"]]]);
});

test("a cell that a comma has cut in two is joined", () => {
  const given = { id: "1", company: "Smith", status: " Jones & Partners", tags: "active", "column 5": "vip" };

  equal(joinedRow(given, ["id", "company", "status", "tags"]), { id: "1", company: "Smith, Jones & Partners", status: "active", tags: "vip" });
  equal(joinedRow({ a: "1", b: "2", "column 3": "3" }, ["a", "b"]), null);
});

test("edits are kept, taken back, and forgotten", async () => {
  const edits = await Edits.of("imp_edits");
  edits.change([{ number: 7, header: "E-mail", value: "a@x.org" }]);
  edits.change([{ number: 7, header: "Name", value: "A" }, { number: 8, header: "Name", value: "B" }]);
  edits.back();
  await frame();
  const again = await Edits.of("imp_edits");

  equal([again.count, again.value(7, "E-mail"), again.value(7, "Name"), again.has(8)], [1, "a@x.org", undefined, false]);
  again.forget([7]);
  await frame();
  equal((await Edits.of("imp_edits")).count, 0);
});

test("a row that was checked is unchecked by an edit, and goes with the import that is made of its preview", async () => {
  const edits = await Edits.of("imp_preview");
  edits.change([{ number: 7, header: "E-mail", value: "a@x.org" }, { number: 8, header: "E-mail", value: "b@x.org" }]);
  edits.check([7, 8]);
  edits.change([{ number: 8, header: "E-mail", value: "c@x.org" }]);
  await edits.moveTo("imp_child");
  const moved = await Edits.of("imp_child");

  equal([[...moved.checked], moved.value(8, "E-mail")], [[7], "c@x.org"]);
  moved.forget([7]);
  equal([...moved.checked], []);
});

const RESOURCE = { fields: [{ name: "email", label: "Email", aliases: [] }, { name: "name", label: "Name", aliases: ["full name"], required: true }] };
const problem = { code: "invalid_email", severity: "error", field: "email", value: "wrong", facts: {} };
const answer = (rows) => ({ get: async () => ({ data: rows, pagination: { cursor: null } }) });

test("where the browser keeps nothing, the page does, from one screen to the next", async () => {
  const own = Object.getOwnPropertyDescriptor(window, "indexedDB");
  Object.defineProperty(window, "indexedDB", { get() { throw new DOMException("denied", "SecurityError"); }, configurable: true });
  try {
    const edits = await Edits.of("imp_denied");
    edits.change([{ number: 1, header: "E-mail", value: "a@b.example" }]);
    edits.check([1]);
    await edits.moveTo("imp_denied_child");

    const moved = await Edits.of("imp_denied_child");
    equal([moved.value(1, "E-mail"), moved.checked.has(1)], ["a@b.example", true]);
  } finally {
    Object.defineProperty(window, "indexedDB", own);
  }
});

test("only what is edited is sent again, by field, and the empty as null", async () => {
  const rows = new FaultyRows({ id: "imp_1", column_mapping: null }, RESOURCE);
  await rows.load(answer([{ row_number: 2, given: { "E-mail": "wrong", "Full Name": "Jane", Other: "x" }, problems: [problem] }]), new AbortController().signal, () => {});
  const edits = new Edits("imp_none");
  equal(rows.mended(edits), []);
  edits.change([{ number: 2, header: "E-mail", value: "" }]);

  equal([rows.mended(edits), retryValues(rows.of(2), edits, rows)], [[2], { email: null }]);
  equal(rows.kinds.map((one) => [one.title, one.count]), [["E-mail", 1]]);
  const model = rows.modelOf(rows.kinds[0].kind, edits);
  equal([model.columns.map((one) => one.header), model.fault(0, 0), model.isEditable(0, 2)], [["E-mail", "Full Name", "Other"], "mended", false]);
});

test("a row that had no shape is sent as a whole", async () => {
  const rows = new FaultyRows({ id: "imp_1", column_mapping: null }, RESOURCE);
  const [good, long] = [{ row_number: 1, given: { email: "x", name: "y" }, problems: [problem] }, { row_number: 2, given: { email: "a@x.org", name: "Smith", "column 3": " Jones" }, problems: [{ code: "row_too_long", severity: "error", field: null, facts: {} }] }];
  await rows.load(answer([good, long]), new AbortController().signal, () => {});
  const edits = new Edits("imp_none");
  edits.change([{ number: 2, header: "name", value: "Smith, Jones" }]);

  equal(retryValues(rows.of(2), edits, rows), { email: "a@x.org", name: "Smith, Jones" });
});

function sheetOf(count) {
  const values = new Map();
  const box = document.createElement("div");
  box.className = "sheetbox";
  box.style.setProperty("height", "300px");
  box.style.setProperty("overflow", "auto");
  document.body.append(box);
  const model = {
    columns: [{ header: "a", label: "A" }, { header: "b", label: "B" }], count, numbers: "Row", number: (row) => row + 1,
    value: (row, column) => values.get(`${row} ${column}`) ?? `${row}/${column}`, original: () => "", isEditable: () => true,
    fault: (row, column) => (column === 0 && row % 3 === 0 ? "bad" : null),
  };
  const onEdit = (changes) => changes.forEach(({ row, column, value }) => values.set(`${row} ${column}`, value));
  const sheet = new Sheet(box, model, { label: "Sheet", onEdit, onMove: () => {}, onBack: () => {} });
  const key = (name, more = {}) => document.activeElement.dispatchEvent(new KeyboardEvent("keydown", { key: name, bubbles: true, cancelable: true, ...more }));
  return { sheet, box, values, key };
}

test("only the rows in sight are in the document, and the sheet says how many there are", async () => {
  const { box } = sheetOf(10_000);
  await frame();

  equal([box.getAttribute("aria-rowcount"), box.querySelectorAll(".sheet-row").length < 60], ["10001", true]);
});

test("a cell is edited, left as it was, and typed over by keys", () => {
  const { sheet, values, key } = sheetOf(20);
  sheet.go(0, 0);
  key("F2");
  document.activeElement.value = "new";
  key("Enter");
  equal([values.get("0 0"), sheet.at.row], ["new", 1]);
  key("Enter");
  document.activeElement.value = "thrown away";
  key("Escape");
  equal(values.has("1 0"), false);
  key("x");
  equal(document.activeElement.value, "x");
});

test("F8 leads to the next fault, and Ctrl D repeats a value below", () => {
  const { sheet, values, key } = sheetOf(20);
  sheet.go(0, 1);
  key("F8");
  equal(sheet.at, { row: 3, column: 0 });
  key("d", { ctrlKey: true });
  equal([values.get("4 0"), sheet.at.row], ["3/0", 4]);
});

test("cells are pasted as a spreadsheet gives them", () => {
  const { sheet, values, box } = sheetOf(3);
  sheet.go(1, 0);
  const clipboardData = new DataTransfer();
  clipboardData.setData("text/plain", "a\tb\r\nc\td\r\ne\tf\r\n");
  box.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));

  equal([...values], [["1 0", "a"], ["1 1", "b"], ["2 0", "c"], ["2 1", "d"]]);
});
