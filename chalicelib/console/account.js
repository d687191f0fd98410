// Whose key it is, the language, and the way out.

import { Button, Head, Main, PlaceBar } from "./frame.js";
import { t } from "./text.js";
import { h } from "./view.js";

export function accountScreen(app) {
  return {
    title: t("place.account"),
    view: () => [
      h(PlaceBar, { at: "account" }),
      h(Main, {},
        h(Head, { title: t("account.title"), lead: t("account.lead") }),
        h("section", { class: "sheet form" },
          h("p", {}, h(Button, { onClick: () => app.signOut() }, t("account.sign_out"))))),
    ],
  };
}
