// The importer that a page of somebody else embeds: the console's steps of one import, in a session instead of with a key.

import { App } from "./app.js";
import { HostPage } from "./host_page.js";
import { STEP_ROUTES } from "./import_steps.js";
import { closedScreen, openingScreen, startScreen } from "./importer_screens.js";
import { ImporterSession } from "./importer_session.js";

const ROUTES = [
  ["/", startScreen],
  ...STEP_ROUTES,
  ["/closed", closedScreen],
];

class Importer extends App {
  #host;
  /** The import session, once it is known: what it is for, and where it leads back to. */
  embedded = null;

  constructor() {
    const { session, host } = document.documentElement.dataset;
    super({ base: location.href.replace(/\/importer\/.*$/, ""), session: new ImporterSession(session), routes: ROUTES, signInScreen: openingScreen });
    this.#host = new HostPage(host, session);
  }

  get isSignedIn() {
    return this.embedded !== null;
  }

  /** Asks what the session is for; its token is exchanged first, once. */
  async open() {
    const { api, session } = this;
    const path = `/v1/import-sessions/${session.id}`;
    if (!session.hasCredential) {
      const { data } = await api.post(`${path}/exchange`, {});
      session.keep(data._credential);
      history.replaceState(null, "", `${location.pathname}${location.search}#/`);
    }
    this.embedded = (await api.get(path)).data;
    this.tell("ready");
    this.enter();
  }

  tell(event, facts = {}) {
    this.#host.tell(event, facts);
  }

  signOut(refusal) {
    this.embedded = null;
    this.tell("error", { code: refusal.code, message: refusal.message });
    super.signOut(refusal);
  }

  /** Leaves: `canceled` where nothing was imported or is about to be. */
  close(facts = {}) {
    this.tell(facts.import_id ? "closed" : "canceled", facts);
    const back = this.embedded.return_url;
    if (back && !this.#host.isThere) location.assign(back);
    else this.go("#/closed");
  }
}

new Importer().arriveAtAddress();
