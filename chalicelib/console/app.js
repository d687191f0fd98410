// What shows one screen for each address, drawn anew whenever something has changed: the console, and the importer.
//
// A screen is made by a function of the app, its parameters, and a signal that it was left. It has a `title` for the tab and
// a `view`. What it shows is asked of the public API; nothing is kept in the page that a reload must not lose.

import { missingScreen } from "./addresses.js";
import { Api, Offline, Refusal } from "./api.js";
import { Dialog, Note } from "./frame.js";
import { KeysHelp } from "./keys_help.js";
import { pause } from "./polling.js";
import { routeOf } from "./router.js";
import { t } from "./text.js";
import { h, render } from "./view.js";

const ONLINE_AGAIN_MS = 5_000;

export class App {
  #routes;
  #signInScreen;
  #waits = false;
  #pressed = 0;
  #screen = null;
  #left = new AbortController();
  trouble = null;
  patience = 0;
  keysShown = false;
  said = "";
  /** A file that was dropped on one screen and is looked at on the next; and options under which it is to be sent again. */
  file = null;
  again = null;
  /** What was sent from this tab, or is: {id, file, resource}, and what is known of it by then. */
  sent = null;

  /** `base` is where the API begins; `signInScreen` is shown while the session has no key. */
  constructor({ base, session, routes, signInScreen }) {
    this.session = session;
    this.#routes = routes;
    this.#signInScreen = signInScreen;
    this.api = new Api(base, session, { onPatience: (seconds) => { this.patience = seconds; this.draw(); } });
    addEventListener("hashchange", () => this.arriveAtAddress());
    addEventListener("online", () => this.#goOn());
    addEventListener("keydown", (event) => this.#key(event));
  }

  get isSignedIn() {
    return Boolean(this.session.key);
  }

  arriveAtAddress() {
    this.enter();
  }

  /** Tells a page that embeds this one what has happened; there is none around the console. */
  tell() {}

  /** Opens the screen of the address, or the one that asks for a key, since what it was last asked was refused. */
  enter(refusal = null) {
    this.#left.abort();
    this.#left = new AbortController();
    Object.assign(this, { trouble: null, keysShown: false });
    if (!this.isSignedIn) this.#screen = this.#signInScreen(this, refusal);
    else {
      const found = routeOf(location.hash || "#/", this.#routes);
      this.#screen = found ? found.screen(this, found.params, this.#left.signal) : missingScreen(this);
    }
    this.draw();
    this.arrive();
  }

  go(address, { replace = false } = {}) {
    if (replace) {
      history.replaceState(null, "", address);
      this.enter();
    } else location.hash = address;
  }

  /** Gives the screen that is shown the address at which it would be found again. */
  move(address) {
    history.pushState(null, "", address);
  }

  /** Does some work of a screen: what it throws is shown above the screen, with a button that tries again; unless it is
   * the answer to a press, which somebody presses again. Until a press is answered no other is taken. */
  async run(work, { again = true, answers = !again } = {}) {
    const signal = this.#left.signal;
    if (answers) this.#answering(1);
    try {
      this.trouble = null;
      await work();
    } catch (error) {
      if (signal.aborted || error.name === "AbortError") return;
      if (error instanceof Refusal && error.status === 401) return this.signOut(error);
      if (!(error instanceof Refusal || error instanceof Offline)) console.error(error);
      this.tell("error", { code: error.code ?? null, message: troubleWords(error, again) });
      this.trouble = { error, again: again ? () => this.run(work) : null };
      if (error instanceof Offline) pause(ONLINE_AGAIN_MS, signal).then(() => { if (!signal.aborted && this.trouble?.error === error) this.#goOn(); });
    } finally {
      if (answers) this.#answering(-1);
    }
    if (!signal.aborted) this.draw();
  }

  #answering(more) {
    this.#pressed += more;
    document.documentElement.toggleAttribute("data-busy", this.#pressed > 0);
  }

  /** What a lost connection has stopped goes on, where nobody has to press anything again. */
  #goOn() {
    if (this.trouble?.error instanceof Offline) this.trouble.again?.();
  }

  signOut(refusal = null) {
    this.session.end();
    this.enter(refusal);
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
    return h(Note, { kind: "failed", role: "alert", act }, h("p", {}, troubleWords(error, Boolean(again))));
  }

  /** Whoever hears the page is told where they are; whoever types goes on from the heading, or gives their key. */
  arrive() {
    requestAnimationFrame(() => requestAnimationFrame(() => {
      if (document.activeElement === document.body || !document.activeElement?.isConnected) (document.querySelector("input[name=key]") ?? document.querySelector("h1"))?.focus({ preventScroll: true });
    }));
    scrollTo(0, 0);
  }

  #key(event) {
    const typing = event.target.closest?.("input, textarea, select, [role=grid]");
    if (event.key === "?" && !typing && this.isSignedIn) this.showKeys(!this.keysShown);
  }
}

function troubleWords(error, goesOn) {
  if (error instanceof Offline) return t(goesOn ? "trouble.offline" : "trouble.offline_press");
  if (!(error instanceof Refusal)) return t("trouble.ours");
  if (error.status === 429) return t("trouble.too_many");
  if (error.status === 403) return t("trouble.forbidden");
  return [error.message, ...error.errors].join(" ");
}
