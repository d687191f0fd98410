// One webhook and its deliveries: what was sent, what the receiver said, and sending it again.

import { Button, Head, Main, PlaceBar, Skeleton } from "./frame.js";
import { ago, t, time } from "./text.js";
import { h } from "./view.js";
import { SecretDialog, WebhookState } from "./webhooks.js";

const DELIVERIES_SHOWN = 50;
const DELIVERY_COLOURS = { delivered: "created", pending: "updated", failed: "failed" };

export function webhookScreen(app, { id }) {
  const at = `/v1/webhooks/${id}`;
  const state = { one: null, deliveries: [], cursor: null, isSure: false, secret: null };

  async function load() {
    const [one, deliveries] = await Promise.all([app.api.get(at), app.api.get(`${at}/deliveries`, { limit: DELIVERIES_SHOWN })]);
    Object.assign(state, { one: one.data, deliveries: deliveries.data, cursor: deliveries.pagination?.cursor ?? null });
  }

  async function more() {
    const answer = await app.api.get(`${at}/deliveries`, { limit: DELIVERIES_SHOWN, cursor: state.cursor });
    Object.assign(state, { deliveries: [...state.deliveries, ...answer.data], cursor: answer.pagination.cursor });
  }

  async function change(body) {
    const { data } = await app.api.post(at, body);
    Object.assign(state, { one: data, secret: data._secret });
  }

  async function remove() {
    if (!state.isSure) return Object.assign(state, { isSure: true });
    await app.api.remove(at);
    app.go("#/webhooks");
  }

  const doing = (work) => () => app.run(work, { again: false });
  const act = {
    ping: doing(async () => { await app.api.post(`${at}/ping`, {}); await load(); }),
    toggle: doing(() => change({ status: state.one.status === "active" ? "paused" : "active" })),
    rotate: doing(() => change({ rotate_secret: true })),
    remove: doing(remove), more: doing(more), refresh: doing(load),
    again: (one) => app.run(async () => { await app.api.post(`${at}/deliveries/${one.id}`, {}); await load(); }, { again: false }),
  };
  app.run(load);
  return {
    title: () => state.one?.name ?? t("webhook"),
    view: () => [
      h(PlaceBar, { at: "webhooks" }),
      h(Main, {}, state.one ? h(WebhookView, { state, act }) : h(Skeleton)),
      state.secret ? h(SecretDialog, { secret: state.secret, onClose: () => { state.secret = null; app.draw(); } }) : null,
    ],
  };
}

function WebhookView({ state, act }) {
  const { one } = state;
  const end = h("div", { class: "actions" },
    h(Button, { onClick: act.ping }, t("webhook.ping")),
    h(Button, { onClick: act.toggle }, t(one.status === "active" ? "webhook.pause" : "webhook.resume")),
    h(Button, { onClick: act.rotate }, t("webhook.rotate")),
    h(Button, { onClick: act.remove }, t(state.isSure ? "sure_delete" : "delete")));
  return [
    h(Head, { key: "head", title: h("bdi", {}, one.name ?? one.url), lead: [one.name ? [h("bdi", { key: "url" }, one.url), " · "] : null, one.events.join(", ") || t("webhooks.everything")], end }),
    h("p", { key: "state", class: "above" }, h(WebhookState, { one }), one.reason ? h("span", { class: "soft" }, ` ${one.reason}`) : null),
    h("h2", { key: "title", class: "section" }, t("deliveries"), " ", h(Button, { kind: "small quiet", onClick: act.refresh }, t("deliveries.refresh"))),
    h("section", { key: "list", class: "sheet listed", "aria-label": t("deliveries") }, state.deliveries.length ? h(Deliveries, { deliveries: state.deliveries, onAgain: act.again }) : h("p", { class: "nothing soft" }, t("deliveries.none"))),
    state.cursor ? h("p", { key: "more", class: "pager" }, h(Button, { kind: "small", onClick: act.more }, t("rows.more"))) : null,
  ];
}

function Deliveries({ deliveries, onAgain }) {
  const heads = ["delivery.event", "delivery.status", "delivery.answer", "delivery.when", "delivery.again"].map((key) => h("th", { key, scope: "col" }, key === "delivery.again" ? h("span", { class: "sr" }, t(key)) : t(key)));
  return h("table", { class: "table" }, h("thead", {}, h("tr", {}, heads)), h("tbody", {}, deliveries.map((one) => h("tr", { key: one.id },
    h("td", {}, h("b", {}, one.event)),
    h("td", {}, h("span", { class: `state ${DELIVERY_COLOURS[one.status] ?? "unchanged"}` }, h("i", { class: "dot", "aria-hidden": "true" }), t(`delivery.is.${one.status}`))),
    h("td", { class: "soft" }, answerWords(one)),
    h("td", { class: "soft", title: time(one.created_at) }, ago(one.created_at)),
    h("td", {}, h(Button, { kind: "small", onClick: () => onAgain(one) }, t("delivery.again")))))));
}

function answerWords(one) {
  const last = one.attempts.at(-1);
  if (!last) return one.next_try_at ? t("delivery.soon") : "";
  const said = last.status_code ?? last.error ?? "";
  const next = one.next_try_at ? t("delivery.next", { at: ago(one.next_try_at) }) : "";
  return [t("delivery.tries", { count: one.attempts.length }), String(said), next].filter(Boolean).join(" · ");
}
