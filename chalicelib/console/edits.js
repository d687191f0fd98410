// What somebody has mended and not sent yet, and which of these rows were checked and found right: kept in this browser, by
// import, row number and header, so that a closed tab loses nothing. Where the browser keeps nothing, the page does, until it is left.

const DATABASE = "sluice";
const STORE = "edits";
const IN_PAGE = new Map(); // by import, where the browser keeps nothing, as for some pages in a frame

export class Edits {
  #undo = [];

  constructor(importId, values = new Map(), checked = new Set()) {
    Object.assign(this, { importId, values, checked });
  }

  /** The edits of an import as they were left. */
  static async of(importId) {
    const kept = await inStore("readonly", (store) => store.get(importId)).catch(() => IN_PAGE.get(importId));
    return new Edits(importId, new Map(kept?.values), new Set(kept?.checked));
  }

  /** The same for the import that is made of a preview. */
  moveTo(importId) {
    this.importId = importId;
    return this.#keep();
  }

  /** Says that a row was checked as it is edited now; any further edit says that it was not. */
  check(numbers) {
    for (const number of numbers) this.checked.add(number);
    this.#keep();
  }

  value(number, header) {
    return this.values.get(number)?.[header];
  }

  has(number) {
    return this.values.has(number);
  }

  get count() {
    return this.values.size;
  }

  /** Changes cells, [{number, header, value}], as one step that can be taken back; undefined takes an edit away. */
  change(cells) {
    this.#undo.push(cells.map(({ number, header }) => ({ number, header, value: this.value(number, header) })));
    this.#put(cells);
  }

  back() {
    const step = this.#undo.pop();
    if (step) this.#put(step);
    return Boolean(step);
  }

  /** Forgets the rows that have found their place. */
  forget(numbers) {
    for (const number of numbers) this.values.delete(number);
    this.checked.clear();
    this.#undo = [];
    this.#keep();
  }

  #put(cells) {
    for (const { number, header, value } of cells) {
      this.checked.delete(number);
      const row = { ...this.values.get(number), [header]: value };
      if (value === undefined) delete row[header];
      if (Object.keys(row).length) this.values.set(number, row);
      else this.values.delete(number);
    }
    this.#keep();
  }

  #keep() {
    const kept = { values: [...this.values], checked: [...this.checked] };
    return inStore("readwrite", (store) => store.put(kept, this.importId)).catch(() => { IN_PAGE.set(this.importId, kept); });
  }
}

function inStore(mode, ask) {
  return new Promise((resolve, reject) => {
    const opened = indexedDB.open(DATABASE, 1);
    opened.onupgradeneeded = () => opened.result.createObjectStore(STORE);
    opened.onerror = () => reject(opened.error);
    opened.onsuccess = () => {
      const asked = ask(opened.result.transaction(STORE, mode).objectStore(STORE));
      asked.onsuccess = () => resolve(asked.result);
      asked.onerror = () => reject(asked.error);
      asked.transaction.oncomplete = () => opened.result.close();
    };
  });
}
