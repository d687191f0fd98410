// Files that are dropped or pasted, whatever they are dropped on.

const TYPES = { csv: "text/csv", tsv: "text/tab-separated-values", txt: "text/plain", json: "application/json", ndjson: "application/x-ndjson" };

const OF_LINES = new Set(["csv", "tsv", "tab", "txt", "ndjson", "jsonl"]);

/** The listeners of an element on which a file may be dropped. */
export function dropTarget(onFile) {
  const mark = (event, over) => event.currentTarget.toggleAttribute("data-over", over);
  return {
    onDragover: (event) => { event.preventDefault(); mark(event, true); },
    onDragleave: (event) => mark(event, false),
    onDrop: (event) => {
      event.preventDefault();
      mark(event, false);
      const [file] = event.dataTransfer.files;
      if (file) onFile(file);
    },
  };
}

/** Cells that are pasted are a file, too: a spreadsheet puts tabs between them. Returns it, or null. */
export function pastedFile(event, name) {
  const [file] = event.clipboardData.files;
  const text = event.clipboardData.getData("text/plain");
  if (file) return file;
  return text.includes("\n") ? new File([text], `${name}.${text.includes("\t") ? "tsv" : "csv"}`, { type: "text/csv" }) : null;
}

/** The type under which a file is signed and sent: that of the browser, or by its name. */
export function typeOf(file) {
  return file.type || TYPES[file.name.split(".").pop().toLowerCase()] || "application/octet-stream";
}

/** Whether a file has a row a line by its name, so that its beginning shows what its rows look like. */
export function isOfLines(file) {
  return OF_LINES.has(file.name.split(".").pop().toLowerCase());
}
