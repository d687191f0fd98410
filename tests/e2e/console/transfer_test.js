// A file on its way: what its beginning tells is shown, what somebody chooses meanwhile stays, and the whole has the last word.

import { Refusal } from "/modules/api.js";
import { columnsScreen } from "/modules/columns.js";
import { isOfLines } from "/modules/drop.js";
import { BEGINNING_BYTES, firstKnown, Transfer } from "/modules/transfer.js";
import { Meter } from "/modules/upload.js";
import { render } from "/modules/view.js";
import { equal, frame, test } from "./harness.js";

const named = (name, content = "x".repeat(2 * BEGINNING_BYTES)) => new File([content], name);
const conflict = () => Promise.reject(new Refusal(409, { code: "source_not_ready", message: "" }));

/** A transfer whose file never arrives, with what the service was asked. */
function transferOf(file, answer = () => ({ data: "seen" })) {
  const asked = [];
  const api = { post: async (path, body) => { asked.push([path, body]); return answer(); } };
  const stop = new AbortController();
  const transfer = new Transfer(api, { id: "imp_1", _upload_url: "/nowhere" }, file, { meter: new Meter(file.size), signal: stop.signal });
  return { transfer, asked, stop: () => stop.abort() };
}

test("the first megabyte of a file with a row a line goes ahead, as it is", async () => {
  const { transfer, asked, stop } = transferOf(named("a.csv", `${"ä\n".repeat(BEGINNING_BYTES)}`));

  equal(await transfer.ahead, "seen");
  const [[path, { data }]] = asked;
  const bytes = atob(data.split(",")[1]);
  equal([path, data.split(",")[0], bytes.length, bytes.slice(0, 3)], ["/v1/imports/imp_1/source", "data:text/plain;base64", BEGINNING_BYTES, "\u00c3\u00a4\n"]);
  stop();
});

test("what has no rows on lines, or is small, does not go ahead", async () => {
  equal(["a.CSV", "a.tsv", "b.jsonl", "a.xlsx", "a.csv.gz", "a.json", "a"].map((name) => isOfLines({ name })), [true, true, true, false, false, false, false]);
  for (const file of [named("a.xlsx"), named("a.csv", "x".repeat(BEGINNING_BYTES))]) {
    const { transfer, asked, stop } = transferOf(file);
    equal([await transfer.ahead, asked], [null, []]);
    stop();
  }
});

test("a beginning that does not tell is no fault, and any other refusal is one where somebody asks for it", async () => {
  const { transfer, stop } = transferOf(named("a.csv"), conflict);
  equal(await transfer.ahead, null);
  stop();
  const refused = transferOf(named("a.csv"), () => Promise.reject(new Refusal(403, {})));
  equal(await refused.transfer.look().catch((error) => error.status), 403);
  refused.stop();
});

test("a file that is stopped is not here", async () => {
  const { transfer, stop } = transferOf(named("a.xlsx"));
  stop();

  equal(await transfer.done.catch((error) => error.name), "AbortError");
  equal(transfer.isOver, true);
});

test("the beginning counts where it is known first, and the whole where it does not tell", async () => {
  const later = (value) => new Promise((resolve) => setTimeout(() => resolve(value), 5));

  equal(await firstKnown(Promise.resolve("ahead"), later("whole")), { source: "ahead", isWhole: false });
  equal(await firstKnown(later("ahead"), Promise.resolve("whole")), { source: "whole", isWhole: true });
  equal(await firstKnown(Promise.resolve(null), later("whole")), { source: "whole", isWhole: true });
  equal(await firstKnown(Promise.reject(new Error()), later("whole")), { source: "whole", isWhole: true });
  equal(await firstKnown(Promise.resolve(null), Promise.reject(new Error("gone"))).catch((error) => error.message), "gone");
});

const FIELDS = ["name", "email", "phone"].map((name) => ({ name, label: name, type: "text" }));
const RESOURCE = { name: "customer", plural: "customers", fields: FIELDS, identities: [], actions: ["merge"] };
const ONE = { id: "imp_1", resource: "customer", status: "requested", held: false, action: "merge", name: "a.csv", column_mapping: {}, value_mapping: {}, reading: {}, is_preview: true };
const column = (header, field) => ({ header, field, suggested: field, confidence: field ? 0.95 : 0, unknown_words: [], dates: null, candidates: field ? [{ field, confidence: 0.95, why: ["words"] }] : [] });
const source = (...columns) => ({ fault: null, format: "csv", encoding: "utf-8", delimiter: ",", quote: '"', sheet: null, sheets: [], header_row: 1, columns, rows: [] });
const MAIL = source(column("Kunde", "name"), column("Mail", "email"), column("X", null));

/** The columns of a file that is on its way, by its beginning, with what the service is told; `arrive` ends the way. */
async function onItsWay({ whole = MAIL, looked = [] } = {}) {
  let arrive = null;
  const done = new Promise((resolve) => { arrive = () => resolve({ ...ONE, held: true }); });
  const transfer = { id: "imp_1", meter: new Meter(9), done, ahead: Promise.resolve(MAIL), look: async () => looked.shift() ?? null };
  const told = [];
  const api = {
    get: async (path) => { told.push(["get", path]); return { data: path.endsWith("/source") ? whole : [RESOURCE] }; },
    post: async (path, body) => { told.push(["post", path, body]); return { data: { ...ONE, ...body } }; },
  };
  const app = { api, embedded: {}, sent: { id: "imp_1", fresh: { one: { ...ONE }, transfer, source: MAIL, onStop: () => told.push(["stop"]) } }, run: (work) => work(), announce: (text) => told.push(["said", text]), go: (address) => told.push(["go", address]), draw: () => render(screen.view(), document.body) };
  const screen = columnsScreen(app, { id: "imp_1" }, new AbortController().signal);
  await frame();
  return { told, screen, arrive: async () => { arrive(); await frame(); } };
}

const choices = () => [...document.querySelectorAll(".columns select")].map((one) => one.value);
const choose = (at, field) => { const select = document.querySelectorAll(".columns select")[at]; select.value = field; select.dispatchEvent(new Event("change")); };
const press = async (kind) => { document.querySelector(`.foot .button${kind}`).click(); await frame(); };

test("columns are shown before the file is here, and how much of it is", async () => {
  const { told } = await onItsWay();

  equal(choices(), ["name", "email", ""]);
  equal([document.querySelector(".foot [role=progressbar]") !== null, document.querySelectorAll(".steps a").length], [true, 0]);
  equal(told.some(([, path]) => path.endsWith("/source")), false);
});

test("when the file is here nothing changes that its beginning has shown", async () => {
  const { told, arrive } = await onItsWay();
  choose(2, "phone");
  await arrive();

  equal(choices(), ["name", "email", "phone"]);
  equal([document.querySelector(".foot [role=progressbar]"), document.querySelector(".note")], [null, null]);
  equal(told.at(-1), ["said", "Your file is here."]);
});

test("what the whole file shows otherwise is told, and what somebody has chosen stays", async () => {
  const { arrive } = await onItsWay({ whole: source(column("Kunde", "name"), column("Mail", null), column("X", "phone"), column("More", "email")) });
  choose(0, "");
  choose(2, "email");
  await arrive();

  equal(choices(), ["", "", "email", ""]);
  equal(document.querySelector(".note").textContent.includes("something else than its beginning"), true);
});

test("the check waits for the file, and states what is chosen then", async () => {
  const { told, arrive } = await onItsWay();
  await press(".main");
  await press(".main");
  equal(document.querySelector(".foot .say").textContent, "The check begins when your file is here: 0% is sent");
  choose(2, "phone");
  await arrive();

  const posted = told.filter(([kind]) => kind === "post");
  equal(posted, [["post", "/v1/imports/imp_1", { column_mapping: { name: "Kunde", email: "Mail", phone: "X" }, action: "merge", preview: true, status: "queued" }]]);
  equal(told.at(-1), ["go", "#/imports/imp_1/check"]);
});

test("a check that was pressed does not begin where the whole file shows something else", async () => {
  const { told, arrive } = await onItsWay({ whole: source(column("Kunde", "name"), column("Mail", null)) });
  await press(".main");
  await arrive();
  equal(told.filter(([kind]) => kind === "post" || kind === "go"), []);

  await press(".main");
  equal(told.at(-1), ["go", "#/imports/imp_1/check"]);
});

test("read in another way, its beginning is looked at again", async () => {
  const { told } = await onItsWay({ looked: [source(column("Kunde;Mail;X", null))] });
  const delimiter = [...document.querySelectorAll(".read select")].find((one) => one.value === ",");
  delimiter.value = ";";
  delimiter.dispatchEvent(new Event("change"));
  await frame();

  equal(told.at(-1)[2].reading.delimiter, ";");
  equal(choices(), [""]);
});

test("whoever stops it keeps what they have chosen for the next time", async () => {
  const { told, screen } = await onItsWay();
  choose(1, "");
  await press("");

  equal(told.at(-1), ["stop"]);
  equal(screen.chosen(), { reading: {}, column_mapping: { email: null, name: "Kunde" }, action: "merge" });
});
