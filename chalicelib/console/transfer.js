// A file on its way to the import that waits for it. Its beginning goes ahead, so that its columns are shown while the rest is
// still under way: what the beginning means, the service says, as it does of the whole.

import { Refusal } from "./api.js";
import { isOfLines, typeOf } from "./drop.js";
import { percent, t } from "./text.js";
import { sendContent, sendInParts } from "./upload.js";
import { h } from "./view.js";

/** A file that is no larger is here as soon as its beginning would be. */
export const BEGINNING_BYTES = 1 << 20;

export class Transfer {
  #beginning = null;
  isOver = false;

  /** Begins at once. `done` is the import once the file is here, `ahead` what its beginning shows, or null. */
  constructor(api, made, file, { meter, onProgress = () => {}, signal }) {
    Object.assign(this, { api, id: made.id, file, meter });
    this.ahead = this.look();
    this.ahead.catch(() => {});
    this.done = this.#send(made, { type: typeOf(file), signal, onProgress: (bytes) => { meter.tell(bytes); onProgress(); } });
    this.done.catch(() => {});
  }

  async #send(made, how) {
    try {
      if (made._upload_parts) await sendInParts(this.api, made, this.file, how);
      else await sendContent(made._upload_url, this.file, how);
      return (await this.api.post(`/v1/imports/${this.id}`, { status: "uploaded" })).data;
    } finally {
      this.isOver = true;
    }
  }

  /** What the file looks like by its beginning, as the import reads it now; null where that does not tell. */
  async look() {
    if (!isOfLines(this.file) || this.file.size <= BEGINNING_BYTES) return null;
    this.#beginning ??= dataUrlOf(this.file.slice(0, BEGINNING_BYTES, "text/plain"));
    try {
      return (await this.api.post(`/v1/imports/${this.id}/source`, { data: await this.#beginning })).data;
    } catch (error) {
      if (error instanceof Refusal && error.status === 409) return null;
      throw error;
    }
  }
}

/** What is known first of a source: {source, isWhole}, by its beginning or as a whole. The whole decides where the beginning does not tell. */
export function firstKnown(ahead, whole) {
  return new Promise((resolve, reject) => {
    ahead.then((source) => { if (source) resolve({ source, isWhole: false }); }, () => {});
    whole.then((source) => resolve({ source, isWhole: true }), reject);
  });
}

/** How much of the file has been sent, for the foot of a step that does not wait for it. */
export function TransferWords({ transfer, isWaiting }) {
  const { part } = transfer.meter;
  return [
    h("span", { key: "track", class: "track", role: "progressbar", "aria-label": t("file.sent"), "aria-valuenow": Math.round(part * 100), style: { "--p": `${part * 100}%` } }),
    h("span", { key: "words", class: "num" }, t(isWaiting ? "columns.waits" : "columns.sending", { part: percent(part) })),
  ];
}

function dataUrlOf(blob) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result);
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(blob);
  });
}
