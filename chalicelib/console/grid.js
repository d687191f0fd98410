// A sheet of rows that all are equally high: only those in sight are in the document, however many there are. Cells
// to the right of all that was ever in sight are empty, so that rows that scroll by cost no more than what is seen of them.
//
// It is an ARIA grid with a roving focus. The faulty cell of a row stands first and stays in sight. Keys: arrows, Page, Home,
// End, Enter or F2 edit, Escape leaves as it was, Tab goes on, F8 to the next fault, Ctrl V pastes, Ctrl D repeats below,
// Ctrl Z takes back. The sheet tells its owner of every change by `onEdit` and of the place by `onMove`.
//
// A sheet shows a `model`: `columns` [{header, label}], `count`, `number(row)`, `value(row, column)`, `fault(row, column)`
// (null, "bad" or "mended"), `original(row, column)`, `isEditable(row, column)`.

const ROW_HEIGHT = 36;
const SPARE_ROWS = 3;

export class Sheet {
  #first = -1;
  #filled = 0;
  #starts = [];
  #pool = [];
  #editor = null;
  at = { row: 0, column: 0 };

  constructor(box, model, { label, onEdit, onMove, onBack }) {
    Object.assign(this, { box, model, onEdit, onMove, onBack });
    this.head = element("div", "sheet-head", "row");
    this.body = element("div", "sheet-body", "rowgroup");
    box.role = "grid";
    box.ariaLabel = label;
    box.replaceChildren(this.head, this.body);
    box.addEventListener("scroll", () => this.#draw(), { passive: true });
    for (const name of ["keydown", "click", "dblclick", "copy", "paste"]) box.addEventListener(name, (event) => this[name](event));
    new ResizeObserver(() => this.refresh()).observe(box);
    this.show(model);
  }

  /** Shows another model, from its first row. */
  show(model) {
    this.#close(false);
    Object.assign(this, { model, at: { row: 0, column: 0 } });
    this.box.ariaRowCount = model.count + 1;
    this.box.ariaColCount = model.columns.length + 1;
    this.head.ariaRowIndex = 1;
    this.head.replaceChildren(...[model.numbers, ...model.columns.map((one) => one.label)].map((label, at) => headCell(label, at, model)));
    this.box.style.setProperty("--rows", model.count);
    this.#starts = [...this.head.children].slice(1).map((cell) => cell.offsetLeft);
    this.#filled = 0;
    this.body.style.height = `${model.count * ROW_HEIGHT}px`;
    this.body.replaceChildren();
    this.#pool = [];
    this.box.scrollTop = 0;
    this.refresh();
  }

  /** Draws again what is in sight; for when the model has changed. */
  refresh() {
    this.box.style.setProperty("--bar", `${this.box.offsetHeight - this.box.clientHeight}px`);
    this.#first = -1;
    this.#draw();
  }

  #draw() {
    const { count } = this.model;
    this.#see(this.#starts.filter((left) => left < this.box.scrollLeft + this.box.clientWidth).length);
    const first = Math.max(0, Math.floor(this.box.scrollTop / ROW_HEIGHT) - SPARE_ROWS);
    const shown = Math.max(0, Math.min(count - first, Math.ceil(this.box.clientHeight / ROW_HEIGHT) + 2 * SPARE_ROWS));
    if (first === this.#first && this.#pool.length === shown) return;
    const isAnew = this.#first === -1;
    this.#first = first;
    while (this.#pool.length < shown) this.#addRow();
    while (this.#pool.length > shown) this.#pool.pop().remove();
    // A row keeps its element while it is in sight, so that focus and editor survive scrolling.
    for (let row = first; row < first + shown; row++) {
      const line = this.#pool[row % shown];
      if (isAnew || Number(line.dataset.row) !== row) this.#fill(line, row);
    }
  }

  /** So many columns are filled from now on, those that are drawn already, too. */
  #see(columns) {
    if (columns <= this.#filled) return;
    this.#filled = columns;
    this.#first = -1;
  }

  #addRow() {
    const cells = this.model.columns.map((_, column) => element("span", column ? "cell" : "cell fault", "gridcell", { ariaColIndex: column + 2, tabIndex: -1 }));
    cells.forEach((cell, column) => { cell.dataset.column = column; });
    const line = element("div", "sheet-row", "row");
    line.append(element("span", "cell number", "rowheader", { ariaColIndex: 1 }), ...cells);
    this.#pool.push(line);
    this.body.append(line);
  }

  #fill(line, row) {
    line.dataset.row = row;
    line.ariaRowIndex = row + 2;
    line.style.transform = `translateY(${row * ROW_HEIGHT}px)`;
    line.firstChild.textContent = this.model.number(row);
    for (let column = 0; column < this.#filled; column++) {
      const cell = line.children[column + 1];
      if (cell.contains(this.#editor)) continue;
      this.#fillCell(cell, row, column);
      cell.tabIndex = row === this.at.row && column === this.at.column ? 0 : -1;
    }
  }

  #fillCell(cell, row, column) {
    const state = this.model.fault(row, column);
    const original = state === "mended" ? this.model.original(row, column) : null;
    if (original === null && cell.childNodes.length === 1 && cell.firstChild.localName === "bdi") cell.firstChild.firstChild.data = this.model.value(row, column);
    else cell.replaceChildren(textIn("bdi", this.model.value(row, column)), ...(original === null ? [] : [textIn("del", original)]));
    cell.classList.remove("editing");
    cell.classList.toggle("bad", state === "bad");
    cell.classList.toggle("mended", state === "mended");
    if (state === "bad") cell.setAttribute("aria-invalid", "true");
    else cell.removeAttribute("aria-invalid");
  }

  #cell() {
    return this.body.querySelector(`[data-row="${this.at.row}"] > [data-column="${this.at.column}"]`);
  }

  go(row, column, { edit = false } = {}) {
    if (!this.model.count) return;
    const before = this.#cell();
    if (before) before.tabIndex = -1;
    this.at = { row: within(row, this.model.count), column: within(column, this.model.columns.length) };
    const [top, room] = [this.at.row * ROW_HEIGHT, this.box.clientHeight - 2 * ROW_HEIGHT];
    if (top < this.box.scrollTop) this.box.scrollTop = top;
    else if (top > this.box.scrollTop + room) this.box.scrollTop = top - room;
    this.#see(this.at.column + 1);
    this.#draw();
    const cell = this.#cell();
    cell.tabIndex = 0;
    cell.focus({ preventScroll: true });
    if (this.at.column) cell.scrollIntoView({ block: "nearest", inline: "nearest" });
    this.onMove(this.at);
    if (edit) this.#edit();
  }

  #edit(text) {
    const { row, column } = this.at;
    if (!this.model.isEditable(row, column)) return;
    const input = Object.assign(document.createElement("input"), { value: text ?? this.model.value(row, column), ariaLabel: this.model.columns[column].label });
    this.#editor = input;
    this.#cell().classList.add("editing");
    this.#cell().replaceChildren(input);
    input.focus();
    if (text === undefined) input.select();
  }

  #close(keep) {
    const input = this.#editor;
    if (!input) return;
    this.#editor = null;
    if (keep && input.value !== this.model.value(this.at.row, this.at.column)) this.onEdit([{ ...this.at, value: input.value }]);
    this.refresh();
  }

  click(event) {
    const cell = event.target.closest("[data-column]");
    if (!cell || cell.contains(this.#editor)) return;
    this.#close(true);
    this.go(Number(cell.parentNode.dataset.row), Number(cell.dataset.column));
  }

  dblclick(event) {
    if (event.target.closest("[data-column]") && !this.#editor) this.#edit();
  }

  copy(event) {
    if (this.#editor) return;
    event.clipboardData.setData("text/plain", this.model.value(this.at.row, this.at.column));
    event.preventDefault();
  }

  paste(event) {
    if (this.#editor) return;
    const lines = event.clipboardData.getData("text/plain").replace(/\r?\n$/, "").split(/\r?\n/).map((line) => line.split("\t"));
    const cells = lines.flatMap((line, down) => line.map((value, right) => ({ row: this.at.row + down, column: this.at.column + right, value })));
    this.#change(cells.filter(({ row, column }) => row < this.model.count && column < this.model.columns.length));
    event.preventDefault();
  }

  #change(cells) {
    const editable = cells.filter(({ row, column }) => this.model.isEditable(row, column));
    if (editable.length) this.onEdit(editable);
    this.refresh();
  }

  keydown(event) {
    if (this.#editor) this.#keyInEditor(event);
    else if (event.ctrlKey || event.metaKey) this.#keyWithControl(event);
    else this.#keyInSheet(event);
  }

  #keyInEditor(event) {
    const { row, column } = this.at;
    const to = { Enter: [row + 1, column], Tab: [row, column + (event.shiftKey ? -1 : 1)], Escape: [row, column] }[event.key];
    if (!to) return;
    this.#close(event.key !== "Escape");
    this.go(...to);
    event.preventDefault();
  }

  #keyWithControl(event) {
    const { row, column } = this.at;
    if (event.key === "z") this.onBack();
    else if (event.key === "d") this.#change(row + 1 < this.model.count ? [{ row: row + 1, column, value: this.model.value(row, column) }] : []);
    else if (event.key === "Home") this.go(0, 0);
    else if (event.key === "End") this.go(this.model.count - 1, this.model.columns.length - 1);
    else return;
    if (event.key === "d") this.go(row + 1, column);
    this.refresh();
    event.preventDefault();
  }

  #keyInSheet(event) {
    const { row, column } = this.at;
    const page = Math.max(1, Math.floor(this.box.clientHeight / ROW_HEIGHT) - 2);
    const to = {
      ArrowDown: [row + 1, column], ArrowUp: [row - 1, column], ArrowLeft: [row, column - 1], ArrowRight: [row, column + 1],
      PageDown: [row + page, column], PageUp: [row - page, column], Home: [row, 0], End: [row, this.model.columns.length - 1],
    }[event.key];
    if (to) this.go(...to);
    else if (event.key === "F8") this.#nextFault(row + 1);
    else if (event.key === "Enter" || event.key === "F2") this.#edit();
    else if (event.key === "Delete") this.#change([{ row, column, value: "" }]);
    else if (event.key.length === 1 && !event.altKey) this.#edit(event.key);
    else return;
    event.preventDefault();
  }

  #nextFault(from) {
    for (let row = from; row < this.model.count; row++) {
      const column = this.model.columns.findIndex((_, at) => this.model.fault(row, at) === "bad");
      if (column >= 0) return this.go(row, column);
    }
  }
}

function headCell(label, at, { columns }) {
  const kind = ["cell number", "cell fault"][at] ?? "cell";
  const cell = element("span", kind, "columnheader", { ariaColIndex: at + 1, title: at ? columns[at - 1].header : "" });
  cell.textContent = label;
  return cell;
}

function element(tag, kind, role, more = {}) {
  return Object.assign(document.createElement(tag), { className: kind, role, ...more });
}

/** An element with one text, which can be replaced; also where it is empty. */
function textIn(tag, text) {
  const made = document.createElement(tag);
  made.append(document.createTextNode(text));
  return made;
}

function within(value, count) {
  return Math.max(0, Math.min(count - 1, value));
}
