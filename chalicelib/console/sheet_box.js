// The sheet as a part of a view: its element is kept while its model is replaced.

import { Sheet } from "./grid.js";
import { t } from "./text.js";
import { h } from "./view.js";

const SHEETS = new WeakMap();

/** `name` says which model it is: another name shows another one, from its beginning. */
export function SheetBox({ name, model, onEdit, onMove, onBack, onSheet }) {
  const attach = (dom) => {
    const known = SHEETS.get(dom);
    const calls = { onEdit: (changes) => onEdit(model.edit(changes)), onMove, onBack };
    if (!known) {
      const sheet = new Sheet(dom, model, { label: t("mend.sheet"), ...calls });
      SHEETS.set(dom, { sheet, name, count: model.count });
      onSheet(sheet);
      return;
    }
    const { sheet } = known;
    Object.assign(sheet, calls);
    if (known.name !== name || known.count !== model.count) {
      SHEETS.set(dom, { sheet, name, count: model.count });
      sheet.show(model);
    } else sheet.model = model;
  };
  return h("div", { class: "sheetbox", opaque: true, ref: attach });
}
