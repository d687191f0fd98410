// The importer: what its host page is told, and what opens its session.

import { HostPage } from "/modules/host_page.js";
import { ImporterSession } from "/modules/importer_session.js";
import { equal, test } from "./harness.js";

const HOST = "https://app.example.com";

/** A window in a page, and what that page is told. */
function framed() {
  const told = [];
  return { told, here: { parent: { postMessage: (message, origin) => told.push({ message, origin }) } } };
}

test("the host page is told by messages to its own origin", () => {
  const { told, here } = framed();
  new HostPage(HOST, "ims_1", here).tell("opened", { import_id: "imp_1" });

  equal(told, [{ message: { source: "sluice", session: "ims_1", event: "opened", import_id: "imp_1" }, origin: HOST }]);
});

test("the same is not told twice, what differs is", () => {
  const { told, here } = framed();
  const host = new HostPage(HOST, "ims_1", here);
  for (const failed of [3, 3, 0]) host.tell("completed", { failed });
  host.tell("closed", { failed: 0 });

  equal(told.map(({ message }) => [message.event, message.failed]), [["completed", 3], ["completed", 0], ["closed", 0]]);
});

test("an importer that is a page by itself tells nobody", () => {
  const told = [];
  const here = { postMessage: (message) => told.push(message) };
  here.parent = here;
  const host = new HostPage(HOST, "ims_1", here);
  host.tell("ready", {});

  equal([host.isThere, told], [false, []]);
});

const addressed = (hash) => ({ hash });

test("a token is what opens a session, until a credential is there", () => {
  const session = new ImporterSession("ims_a", addressed("#imt_secret"));
  equal([session.hasCredential, session.key], [false, "imt_secret"]);
  session.keep("imc_kept");

  equal([session.hasCredential, session.key], [true, "imc_kept"]);
  session.end();
});

test("a credential stays in the tab for this session and no other", () => {
  new ImporterSession("ims_b", addressed("#imt_b")).keep("imc_b");

  equal(new ImporterSession("ims_b", addressed("#/new")).key, "imc_b");
  equal(new ImporterSession("ims_c", addressed("#/new")).key, "");
  new ImporterSession("ims_b", addressed("")).end();
});

test("a session that has ended opens nothing any more, neither here nor after a reload", () => {
  const session = new ImporterSession("ims_d", addressed("#imt_d"));
  session.keep("imc_d");
  session.end();

  equal([session.key, new ImporterSession("ims_d", addressed("#/")).key], ["", ""]);
});

test("what stands in the address and is no token opens nothing", () => {
  equal(["#/imports/imp_1", "#px_key", "#imt_a/../b", ""].map((hash) => new ImporterSession("ims_e", addressed(hash)).key), ["", "", "", ""]);
});

test("a browser that keeps nothing for a page in a frame keeps the credential in the page", () => {
  const refusing = { get() { throw new DOMException("denied", "SecurityError"); }, configurable: true };
  const own = Object.getOwnPropertyDescriptor(window, "sessionStorage");
  Object.defineProperty(window, "sessionStorage", refusing);
  try {
    const session = new ImporterSession("ims_f", addressed("#imt_f"));
    session.keep("imc_f");
    equal(session.key, "imc_f");
    session.end();
    equal(session.key, "");
  } finally {
    Object.defineProperty(window, "sessionStorage", own);
  }
});
