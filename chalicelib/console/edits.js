// What somebody has mended and not sent yet: kept in this browser, by import, row number and header, so that a closed tab
// loses nothing. Where the browser keeps nothing, the page does.

const DATABASE = "sluice";
const STORE = "edits";

export class Edits {
  #undo = [];

  constructor(importId, values = new Map()) {
    Object.assign(this, { importId, values });
  }

  /** The edits of an import as they were left. */
  static async of(importId) {
    const kept = await inStore("readonly", (store) => store.get(importId)).catch(() => null);
    return new Edits(importId, new Map(kept ?? []));
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
    this.#undo = [];
    this.#keep();
  }

  #put(cells) {
    for (const { number, header, value } of cells) {
      const row = { ...this.values.get(number), [header]: value };
      if (value === undefined) delete row[header];
      if (Object.keys(row).length) this.values.set(number, row);
      else this.values.delete(number);
    }
    this.#keep();
  }

  #keep() {
    inStore("readwrite", (store) => store.put([...this.values], this.importId)).catch(() => {});
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
