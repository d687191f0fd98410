// The console: its screens by address, the key that a link may bring along, and the language that somebody has chosen.

import { App } from "./app.js";
import { STEP_ROUTES } from "./import_steps.js";
import { importsScreen } from "./imports.js";
import { later } from "./later_screen.js";
import { keyFromAddress, Session } from "./session.js";
import { signInScreen } from "./signin.js";

const ROUTES = [
  ["/", importsScreen],
  ...STEP_ROUTES,
  ["/profiles", later("profilesScreen")],
  ["/profiles/new", later("newProfileScreen")],
  ["/profiles/:id", later("profileScreen")],
  ["/exports", later("exportsScreen")],
  ["/exports/new", later("newExportScreen")],
  ["/schedules/:id", later("scheduleScreen")],
  ["/webhooks", later("webhooksScreen")],
  ["/webhooks/new", later("newWebhookScreen")],
  ["/webhooks/:id", later("webhookScreen")],
  ["/account", later("accountScreen")],
];

const LANGUAGE_KEY = "sluice-language";

class Console extends App {
  constructor() {
    super({ base: location.href.replace(/\/console\/?([?#].*)?$/, ""), session: new Session(), routes: ROUTES, signInScreen });
  }

  /** A link may bring a key along. */
  arriveAtAddress() {
    const given = keyFromAddress();
    if (given) this.session.keep(given, { stays: false });
    this.enter();
  }
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
