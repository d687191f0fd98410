// Whose key it is, the language, and the way out.

import { Button, Head, Main, PlaceBar } from "./frame.js";
import { t } from "./text.js";
import { h } from "./view.js";

const LANGUAGES = { en: "English", de: "Deutsch", fr: "Français", es: "Español" };

export function accountScreen(app) {
  const speak = (event) => location.assign(`?locale=${event.target.value}${location.hash}`);
  return {
    title: t("place.account"),
    view: () => [
      h(PlaceBar, { at: "account" }),
      h(Main, {},
        h(Head, { title: t("account.title"), lead: t("account.lead") }),
        h("section", { class: "sheet form" },
          h("label", { class: "line" }, h("b", {}, t("account.language")),
            h("select", { class: "pick", value: document.documentElement.lang, onChange: speak },
              Object.entries(LANGUAGES).map(([code, name]) => h("option", { key: code, value: code, lang: code }, name)))),
          h("p", {}, h(Button, { onClick: () => app.signOut() }, t("account.sign_out"))))),
    ],
  };
}
