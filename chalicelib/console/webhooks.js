// Webhooks: who is told when something has ended.

import { Button, Dialog, Foot, Head, Main, Note, PlaceBar, Skeleton } from "./frame.js";
import { ago, t } from "./text.js";
import { h } from "./view.js";

const WEBHOOK_COLOURS = { active: "created", paused: "unchanged" };
/** What people want to hear of most; a webhook without any hears everything. */
const EVENTS = ["import.completed", "import.failed", "import.previewed", "export.completed", "export.failed"];

export function webhooksScreen(app) {
  const state = { webhooks: null };
  app.run(async () => { state.webhooks = (await app.api.get("/v1/webhooks")).data; });
  return {
    title: t("place.webhooks"),
    view: () => [
      h(PlaceBar, { at: "webhooks" }),
      h(Main, {},
        h(Head, { title: t("webhooks.title"), lead: t("webhooks.lead"), end: h(Button, { kind: "main", href: "#/webhooks/new" }, t("webhooks.new")) }),
        state.webhooks === null ? h(Skeleton) : h(WebhookList, { webhooks: state.webhooks })),
    ],
  };
}

function WebhookList({ webhooks }) {
  if (!webhooks.length) return h("div", { class: "sheet nothing" }, h("h2", {}, t("webhooks.none")), h("p", { class: "soft" }, t("webhooks.none_lead")));
  return h("ol", { class: "sheet listed" }, webhooks.map((one) => h("li", { key: one.id }, h("a", { class: "one", href: `#/webhooks/${one.id}` },
    h("span", { class: "what" }, h("b", {}, h("bdi", {}, one.name ?? one.url)), h("small", {}, h("bdi", {}, one.name ? one.url : one.events.join(", ")))),
    h(WebhookState, { one }),
    h("span", {}, h("small", {}, one.events.length ? t("webhooks.events", { count: one.events.length }) : t("webhooks.everything"))),
    h("time", { class: "when" }, ago(one.created_at))))));
}

export function WebhookState({ one }) {
  const colour = one.failing_since ? "failed" : WEBHOOK_COLOURS[one.status] ?? "failed";
  const word = one.failing_since && one.status === "active" ? t("webhook.failing") : t(`webhook.${one.status}`);
  return h("span", { class: `state ${colour}` }, h("i", { class: "dot", "aria-hidden": "true" }), word);
}

export function newWebhookScreen(app) {
  const state = { url: "", name: "", events: new Set(), made: null, fault: null };
  const set = (change) => { Object.assign(state, change); app.draw(); };

  async function make() {
    set({ fault: state.url.trim() ? null : "webhook_new.no_url" });
    if (state.fault) return document.querySelector("input[name=url]")?.focus();
    const name = state.name.trim();
    state.made = (await app.api.post("/v1/webhooks", { url: state.url.trim(), events: [...state.events], ...(name ? { name } : {}) })).data;
  }

  return {
    title: t("webhook_new.title"),
    view: () => [
      h(PlaceBar, { at: "webhooks" }),
      h(Main, {}, h(Head, { title: t("webhook_new.title"), lead: t("webhook_new.lead") }), h(WebhookForm, { state, set })),
      h(Foot, { back: h(Button, { href: "#/webhooks" }, t("back")), say: "" }, h(Button, { kind: "main", onClick: () => app.run(make, { again: false }) }, t("webhook_new.go"))),
      state.made ? h(SecretDialog, { secret: state.made._secret, onClose: () => app.go(`#/webhooks/${state.made.id}`) }) : null,
    ],
  };
}

function WebhookForm({ state, set }) {
  const toggle = (event) => set({ events: new Set(state.events.has(event) ? [...state.events].filter((one) => one !== event) : [...state.events, event]) });
  return h("section", { class: "sheet form" },
    state.fault ? h(Note, { kind: "failed", role: "alert" }, h("p", {}, t(state.fault))) : null,
    h("label", { class: "line" }, h("b", {}, t("webhook_new.url")), h("input", { class: "text", name: "url", type: "url", inputMode: "url", placeholder: "https://", value: state.url, onInput: (event) => { state.url = event.target.value; } })),
    h("label", { class: "line" }, h("b", {}, t("webhook_new.name")), h("input", { class: "text", maxLength: 127, value: state.name, onInput: (event) => { state.name = event.target.value; } })),
    h("fieldset", { class: "wide" }, h("legend", {}, h("b", {}, t("webhook_new.events"))), h("p", { class: "soft" }, t("webhook_new.events_why")),
      EVENTS.map((one) => h("label", { key: one, class: "choice" }, h("input", { type: "checkbox", checked: state.events.has(one), onChange: () => toggle(one) }), h("span", {}, t(`event.${one}`), h("small", { class: "value" }, one))))));
}

/** A secret is shown once. */
export function SecretDialog({ secret, onClose }) {
  const copy = () => navigator.clipboard?.writeText(secret);
  return h(Dialog, { label: t("secret.title"), onClose },
    h("h2", {}, t("secret.title")), h("p", { class: "lead" }, t("secret.lead")),
    h("p", { class: "secret value" }, secret),
    h("form", { method: "dialog", class: "foot-line" }, h(Button, { onClick: copy }, t("secret.copy")), h("button", { class: "button main" }, t("secret.done"))));
}
