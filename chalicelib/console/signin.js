// Signing in with an API key.

import { Brand, Main, Note } from "./frame.js";
import { Refusal } from "./api.js";
import { t } from "./text.js";
import { h } from "./view.js";

export function signInScreen(app, refusal) {
  const state = { reason: refusal && reasonOf(refusal), stays: false, isAsking: false };

  async function signIn(event) {
    event.preventDefault();
    const key = event.target.elements.key.value.trim();
    if (!key) return say("signin.empty");
    Object.assign(state, { isAsking: true, reason: null });
    app.draw();
    app.session.keep(key, { stays: state.stays });
    try {
      await app.api.get("/v1/imports", { limit: 1 });
      app.enter();
    } catch (error) {
      app.session.end();
      say(reasonOf(error));
    }
  }

  function say(reason) {
    Object.assign(state, { reason, isAsking: false });
    app.draw();
    document.querySelector("input[name=key]")?.focus();
  }

  return {
    title: t("signin.title"),
    view: () => [
      h("header", { class: "top", key: "top" }, h(Brand)),
      h(Main, {}, h("form", { class: "sheet signin", onSubmit: signIn },
        h("h1", { tabIndex: -1 }, t("signin.title")),
        h("p", { class: "lead" }, t("signin.lead")),
        state.reason ? h(Note, { kind: "failed", role: "alert" }, h("p", { id: "signin-reason" }, t(state.reason))) : null,
        h("label", { class: "line" }, h("b", {}, t("signin.key")),
          h("input", { class: "text", name: "key", type: "password", autocomplete: "current-password", spellcheck: false, "aria-invalid": state.reason ? "true" : null, "aria-describedby": state.reason ? "signin-reason" : null })),
        h("label", { class: "choice" },
          h("input", { type: "checkbox", checked: state.stays, onChange: (event) => { state.stays = event.target.checked; } }),
          h("span", {}, t("signin.stay"), h("small", {}, t("signin.stay_why")))),
        h("button", { class: "button main", type: "submit" }, t(state.isAsking ? "signin.asking" : "signin.go")))),
    ],
  };
}

function reasonOf(error) {
  if (!(error instanceof Refusal)) return "signin.offline";
  if (error.code === "api_key_expired") return "signin.expired";
  if (error.status === 401) return "signin.wrong";
  return error.status === 403 ? "signin.forbidden" : "signin.trouble";
}
