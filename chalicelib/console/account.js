// Whose key it is, what it may do, the limits of imports, what the tenant has used, its keys, the language, and the way out.

import { Refusal } from "./api.js";
import { Button, Head, Main, PlaceBar, Skeleton } from "./frame.js";
import { inSentence } from "./resources.js";
import { SettingsView } from "./settings.js";
import { ago, dateOr, number, t, time } from "./text.js";
import { h } from "./view.js";

const LANGUAGES = { en: "English", de: "Deutsch", fr: "Français", es: "Español" };
const KEY_COLOURS = { active: "created", expired: "skipped", revoked: "unchanged" };
const SHOWN_STATUSES = ["completed", "failed", "processing", "queued", "requested", "timed_out", "expired"];

export function accountScreen(app) {
  const state = { caller: null, usage: null, keys: null, settings: null, isThere: false, isSaved: false };

  async function load() {
    const [caller, usage, keys, settings] = await Promise.all(["/v1/whoami", "/v1/usage", "/v1/keys", "/v1/settings"].map(ask));
    Object.assign(state, { caller, usage, keys, settings, isThere: true });
  }

  /** A key may lack the scope for one or the other; signing out and the language need none. */
  async function ask(path) {
    try {
      return (await app.api.get(path)).data;
    } catch (error) {
      if (error instanceof Refusal && error.status === 403) return null;
      throw error;
    }
  }

  async function save(change) {
    state.isSaved = false;
    state.settings = (await app.api.post("/v1/settings", change)).data;
    state.isSaved = true;
  }

  app.run(load);
  return {
    title: t("place.account"),
    view: () => [
      h(PlaceBar, { at: "account" }),
      h(Main, {},
        h(Head, { title: t("account.title"), lead: t("account.lead"), end: h(Button, { onClick: () => app.signOut() }, t("account.sign_out")) }),
        state.isThere ? null : h(Skeleton, { key: "bones" }),
        state.caller ? h(CallerView, { key: "caller", caller: state.caller }) : null,
        state.settings ? h(SettingsView, { key: "settings", settings: state.settings, isSaved: state.isSaved, onSave: (change) => app.run(() => save(change), { again: false }) }) : null,
        state.usage ? h(UsageView, { key: "usage", usage: state.usage }) : null,
        state.keys ? h(KeysView, { key: "keys", keys: state.keys }) : null,
        h(LanguageView, { key: "language" })),
    ],
  };
}

function CallerView({ caller }) {
  const left = caller.requests ? t("account.requests", { left: caller.requests.remaining, all: caller.requests.limit, seconds: caller.requests.window_s }) : "";
  const facts = [["account.tenant", h("span", { class: "value" }, caller.organization_id)], ["account.may", caller.scopes.join(", ")], ["account.left", left]];
  return h("section", { class: "sheet facts" }, h("dl", {}, facts.filter(([, value]) => value).map(([key, value]) => [h("dt", { key: `${key} dt` }, t(key)), h("dd", { key }, value)])));
}

function UsageView({ usage }) {
  const line = (name) => {
    const { total, by_status: counts } = usage[name];
    const said = SHOWN_STATUSES.filter((one) => counts[one]).map((one) => `${number(counts[one])} ${inSentence(t(`${name === "imports" ? "state" : "export"}.${one === "requested" && name === "exports" ? "queued" : one}`))}`);
    return h("li", { key: name }, h("b", {}, t(`account.${name}`, { count: total })), said.length ? h("span", { class: "soft" }, ` · ${said.join(" · ")}`) : null);
  };
  return [h("h2", { key: "title", class: "section" }, t("account.usage", { since: dateOr(new Date(usage.since * 1000).toISOString().slice(0, 10)) })), h("section", { key: "usage", class: "sheet facts" }, h("ul", { class: "counts" }, line("imports"), line("exports")))];
}

function KeysView({ keys }) {
  const heads = ["key.name", "key.hint", "key.state", "key.made", "key.may"].map((key) => h("th", { key, scope: "col" }, t(key)));
  const lines = keys.map((one) => h("tr", { key: one.id },
    h("td", { class: "tight" }, h("b", {}, h("bdi", {}, one.name || one.kind)), one.is_current ? h("span", { class: "soft" }, ` · ${t("key.this")}`) : null),
    h("td", { class: "value" }, one.hint),
    h("td", {}, h("span", { class: `state ${KEY_COLOURS[one.status]}` }, h("i", { class: "dot", "aria-hidden": "true" }), t(`key.is.${one.status}`))),
    h("td", { class: "soft tight", title: time(one.created_at) }, ago(one.created_at)),
    h("td", { class: "soft" }, one.scopes.join(", "))));
  return [h("h2", { key: "title", class: "section" }, t("key.all")), h("section", { key: "keys", class: "sheet listed", "aria-label": t("key.all") }, h("table", { class: "table" }, h("thead", {}, h("tr", {}, heads)), h("tbody", {}, lines)))];
}

function LanguageView() {
  const speak = (event) => location.assign(`?locale=${event.target.value}${location.hash}`);
  const options = Object.entries(LANGUAGES).map(([code, name]) => h("option", { key: code, value: code, lang: code }, name));
  return h("section", { class: "sheet form" }, h("label", { class: "line" }, h("b", {}, t("account.language")),
    h("select", { class: "pick", value: document.documentElement.lang, onChange: speak }, options)));
}
