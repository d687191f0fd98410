// Pages by number, for lists that have them.

import { Button } from "./frame.js";
import { t } from "./text.js";
import { h } from "./view.js";

export function Pager({ page, per, total, onGo }) {
  const last = Math.max(1, Math.ceil(total / per));
  if (last === 1) return null;
  return h("nav", { class: "pager", "aria-label": t("pages") },
    page > 1 ? h(Button, { kind: "small", onClick: () => onGo(page - 1) }, t("pages.newer")) : null,
    h("span", { class: "soft num" }, t("pages.at", { page, last })),
    page < last ? h(Button, { kind: "small", onClick: () => onGo(page + 1) }, t("pages.older")) : null);
}
