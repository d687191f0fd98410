// Undoing an import: first what it would do, then, on one more press, that.

import { Button, Dialog, Note } from "./frame.js";
import { poll } from "./polling.js";
import { hasEnded } from "./states.js";
import { day, t } from "./text.js";
import { h } from "./view.js";

export function isUndoable(one, nowS = Date.now() / 1000) {
  return Boolean(one.undo_until && one.undo_until > nowS && !one.reverted && hasEnded(one) && !one.is_preview);
}

/** What a result needs to offer it: a view, and what opens it. */
export class Undo {
  constructor(app, id, signal) {
    Object.assign(this, { app, id, signal, preview: null, isOpen: false, isGoing: false });
  }

  /** Asks what would be undone, and shows it; nothing is written by that. */
  open() {
    Object.assign(this, { isOpen: true, isGoing: false, preview: null });
    this.app.draw();
    this.app.run(async () => {
      const { data } = await this.app.api.post(`/v1/imports/${this.id}/undo`, { preview: true });
      await poll(async () => {
        const found = (await this.app.api.get(`/v1/imports/${data.id}`)).data;
        if (hasEnded(found)) this.preview = found;
        return hasEnded(found);
      }, this.signal);
    }, { again: false, answers: false }).then(() => { if (!this.preview) this.close(); });
  }

  close() {
    this.isOpen = false;
    this.app.draw();
  }

  confirm() {
    this.isGoing = true;
    this.app.draw();
    this.app.run(async () => {
      const { data } = await this.app.api.post(`/v1/imports/${this.id}/undo`, {});
      this.app.go(`#/imports/${data.id}/import`);
    }, { again: false }).then(() => this.close());
  }

  view(one) {
    return this.isOpen ? h(Dialog, { label: t("undo"), onClose: () => this.close() }, h(UndoWords, { undo: this, one })) : null;
  }
}

function UndoWords({ undo, one }) {
  const stats = undo.preview?.stats;
  const reversed = stats ? stats.created + stats.updated + stats.deleted : 0;
  const lines = stats ? [["undo.deleted", stats.deleted], ["undo.updated", stats.updated], ["undo.created", stats.created], ["undo.kept", stats.skipped], ["undo.failed", stats.failed]] : [];
  return [
    h("h2", { key: "title" }, stats ? t("undo.would", { count: reversed }) : t("undo.looking")),
    h("ul", { key: "lines", class: "counts" }, lines.filter(([, count]) => count).map(([key, count]) => h("li", { key }, t(key, { count })))),
    stats && one.mended ? h("p", { key: "mended", class: "lead" }, t("undo.mended", { count: one.mended })) : null,
    h("p", { key: "lead", class: "lead" }, stats ? t("undo.lead") : t("loading")),
    h("div", { key: "foot", class: "foot-line" },
      h(Button, { onClick: () => undo.close() }, t("close")),
      reversed ? h(Button, { kind: "main", disabled: undo.isGoing, onClick: () => undo.confirm() }, undo.isGoing ? t("loading") : t("undo.go", { count: reversed })) : null),
  ];
}

/** What an import tells of its own undo, or of the import that it undoes. */
export function UndoNote({ one }) {
  if (one.undo_of) return h(Note, { kind: "accent", sign: "↶" }, h("p", {}, t("undo.of"), " ", h("a", { href: `#/imports/${one.undo_of}` }, t("check.confirmed_link"))));
  if (!one.undo) return null;
  const { id, reversed, kept, failed } = one.undo;
  const said = [["undo.reversed", reversed], ["undo.were_kept", kept], ["undo.failed", failed]].filter(([, count]) => count).map(([key, count]) => t(key, { count })).join(" ");
  return h(Note, { kind: "accent", sign: "↶" }, h("p", {}, h("b", {}, t(one.reverted ? "undo.done" : "undo.partly")), " ", said, " ", h("a", { href: `#/imports/${id}` }, t("undo.show"))));
}

export function UndoButton({ one, undo }) {
  return isUndoable(one) ? h(Button, { onClick: () => undo.open(), title: t("undo.until", { day: day(one.undo_until) }) }, t(one.undo_of ? "undo.of_undo" : "undo")) : null;
}
