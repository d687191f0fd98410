// The console: one screen for each address, drawn anew whenever something has changed.
//
// A screen is made by a function of the app and its parameters. It has a `title` for the tab and a `view`, and may have
// `leave`. What it shows is asked of the public API; nothing is kept in the page that a reload must not lose.

import { Api, Offline, Refusal } from "./api.js";
import { checkScreen } from "./check.js";
import { fileScreen } from "./file.js";
import { Dialog, Main, Note, PlaceBar, Skeleton } from "./frame.js";
import { importScreen } from "./import.js";
import { importsScreen } from "./imports.js";
import { KeysHelp } from "./keys_help.js";
import { keyFromAddress, Session } from "./session.js";
import { resultScreen } from "./result.js";
import { routeOf } from "./router.js";
import { reasonOf, signInScreen } from "./signin.js";
import { anywhereScreen, missingScreen } from "./addresses.js";
import { t } from "./text.js";
import { h, render } from "./view.js";

const ROUTES = [
  ["/", importsScreen],
  ["/new", fileScreen],
  ["/imports/:id", anywhereScreen],
  ["/imports/:id/columns", later("columnsScreen")],
  ["/imports/:id/check", checkScreen],
  ["/imports/:id/import", importScreen],
  ["/imports/:id/result", resultScreen],
  ["/imports/:id/mend", later("mendScreen")],
  ["/exports", later("exportsScreen")],
  ["/exports/new", later("newExportScreen")],
  ["/schedules/:id", later("scheduleScreen")],
  ["/webhooks", later("webhooksScreen")],
  ["/webhooks/new", later("newWebhookScreen")],
  ["/webhooks/:id", later("webhookScreen")],
  ["/account", later("accountScreen")],
];

/** A screen of the script that is loaded when it is first needed. Until then, it is one of its own. */
function later(name) {
  return (app_, params, signal) => {
    let screen = null;
    const load = async () => {
      const { SCREENS } = await app_.loadLater();
      if (!signal.aborted) screen = SCREENS[name](app_, params, signal);
    };
    app_.run(load);
    return { title: () => { const title = screen?.title ?? ""; return typeof title === "function" ? title() : title; }, view: () => screen?.view() ?? [h(PlaceBar, { key: "bar" }), h(Main, {}, h(Skeleton))] };
  };
}

const LANGUAGE_KEY = "sluice-language";

class Console {
  #waits = false;
  #screen = null;
  #left = new AbortController();
  trouble = null;
  patience = 0;
  keysShown = false;
  said = "";
  /** A file that was dropped on one screen and is looked at on the next; and options under which it is to be sent again. */
  file = null;
  again = null;
  /** What was sent from this tab: {id, file, resource}. */
  sent = null;

  constructor() {
    this.session = new Session();
    const base = location.href.replace(/\/console\/?([?#].*)?$/, "");
    this.api = new Api(base, this.session, { onPatience: (seconds) => { this.patience = seconds; this.draw(); } });
    addEventListener("hashchange", () => this.arriveAtAddress());
    addEventListener("online", () => this.trouble?.error instanceof Offline && this.enter());
    addEventListener("keydown", (event) => this.#key(event));
  }

  /** A link may bring a key along. */
  arriveAtAddress() {
    const given = keyFromAddress();
    if (given) this.session.keep(given, { stays: false });
    this.enter();
  }

  /** Opens the screen of the address, or the one that asks for a key. */
  enter(reason = null) {
    this.#left.abort();
    this.#left = new AbortController();
    Object.assign(this, { trouble: null, keysShown: false });
    if (!this.session.key) this.#screen = signInScreen(this, reason);
    else {
      const found = routeOf(location.hash || "#/", ROUTES);
      this.#screen = found ? found.screen(this, found.params, this.#left.signal) : missingScreen(this);
    }
    this.draw();
    this.#arrive();
  }

  go(address, { replace = false } = {}) {
    if (replace) {
      history.replaceState(null, "", address);
      this.enter();
    } else location.hash = address;
  }

  /** Does some work of a screen: what it throws is shown above the screen, with a button that tries again. */
  async run(work, { again = true } = {}) {
    const signal = this.#left.signal;
    try {
      this.trouble = null;
      await work();
    } catch (error) {
      if (signal.aborted || error.name === "AbortError") return;
      if (error instanceof Refusal && error.status === 401) return this.signOut(reasonOf(error));
      if (!(error instanceof Refusal || error instanceof Offline)) console.error(error);
      this.trouble = { error, again: again ? () => this.run(work) : null };
    }
    if (!signal.aborted) this.draw();
  }

  /** The script with the screens that are needed less often. Browsers load it once. */
  loadLater() {
    return import(new URL(`console/${document.documentElement.dataset.later}`, document.baseURI).href).catch(() => { throw new Offline(); });
  }

  signOut(reason = null) {
    this.session.end();
    this.enter(reason);
  }

  /** Tells those who hear the page; only what ends is told. */
  announce(text) {
    this.said = text;
    this.draw();
  }

  draw() {
    if (this.#waits) return;
    this.#waits = true;
    requestAnimationFrame(() => {
      this.#waits = false;
      this.#drawNow();
    });
  }

  #drawNow() {
    const help = this.keysShown ? h(Dialog, { label: t("keys.title"), onClose: () => this.showKeys(false) }, h(KeysHelp)) : null;
    const trouble = this.trouble || this.patience ? h("div", { class: "trouble", key: "trouble" }, this.#troubleNote()) : null;
    render([this.#screen.view(), trouble, h("p", { class: "sr", role: "status", key: "said" }, this.said), help], document.body);
    const { title } = this.#screen;
    document.title = `${typeof title === "function" ? title() : title} · Sluice`;
  }

  showKeys(shown) {
    this.keysShown = shown;
    this.draw();
  }

  #troubleNote() {
    if (this.patience) return h(Note, { kind: "skipped", role: "status" }, h("p", {}, t("trouble.patience", { seconds: Math.ceil(this.patience) })));
    const { error, again } = this.trouble;
    const act = again ? h("button", { type: "button", class: "button small", onClick: again }, t("again")) : null;
    return h(Note, { kind: "failed", role: "alert", act }, h("p", {}, troubleWords(error)));
  }

  /** Whoever hears the page is told where they are; whoever types goes on from the heading. */
  #arrive() {
    requestAnimationFrame(() => requestAnimationFrame(() => {
      if (document.activeElement === document.body || !document.activeElement?.isConnected) document.querySelector("h1")?.focus({ preventScroll: true });
    }));
    scrollTo(0, 0);
  }

  #key(event) {
    const typing = event.target.closest?.("input, textarea, select, [role=grid]");
    if (event.key === "?" && !typing && this.session.key) this.showKeys(!this.keysShown);
  }
}

function troubleWords(error) {
  if (error instanceof Offline) return t("trouble.offline");
  if (!(error instanceof Refusal)) return t("trouble.ours");
  if (error.status === 429) return t("trouble.too_many");
  if (error.status === 403) return t("trouble.forbidden");
  return [error.message, ...error.errors].join(" ");
}

/** The language that somebody has chosen here holds wherever they come from. */
function speakChosenLanguage() {
  const query = new URLSearchParams(location.search);
  const chosen = localStorage.getItem(LANGUAGE_KEY);
  if (query.has("locale")) localStorage.setItem(LANGUAGE_KEY, query.get("locale"));
  else if (chosen && chosen !== document.documentElement.lang) location.replace(`?locale=${chosen}${location.hash}`);
}

speakChosenLanguage();
new Console().arriveAtAddress();
