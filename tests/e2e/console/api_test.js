// How the API is asked: with a key, once for each thing that is created, again where it asks for patience.

import { Api, Offline, Refusal } from "/modules/api.js";
import { keyFromAddress, Session } from "/modules/session.js";
import { Meter, sendInParts } from "/modules/upload.js";
import { equal, test } from "./harness.js";

const answer = (status, body, headers = {}) => new Response(status === 304 ? null : JSON.stringify(body), { status, headers });

/** Answers in order; returns what was asked. */
function answered(...answers) {
  const asked = [];
  window.fetch = async (url, options) => {
    asked.push({ url, ...options });
    const next = answers.shift();
    if (next instanceof Error) throw next;
    return next;
  };
  return asked;
}

test("a request carries the key, and a query without what is empty", async () => {
  const asked = answered(answer(200, { data: 1 }));
  const body = await new Api("https://x.example", { key: "px_1" }).get("/v1/imports", { page: 2, status: "", cursor: undefined });

  equal([body.data, asked[0].url, asked[0].headers["PX-API-KEY"]], [1, "https://x.example/v1/imports?page=2", "px_1"]);
});

test("an answer that has not changed is not sent again", async () => {
  const asked = answered(answer(200, { data: "kept" }, { ETag: '"a"' }), answer(304));
  const api = new Api("", { key: "px_1" });
  await api.get("/v1/imports/imp_1");

  equal((await api.get("/v1/imports/imp_1")).data, "kept");
  equal(asked[1].headers["If-None-Match"], '"a"');
});

test("a refusal says what the service says", async () => {
  answered(answer(400, { message: "No.", code: "validation_failed", errors: ["name"] }));
  const refusal = await new Api("", { key: "px_1" }).post("/v1/imports", {}).catch((error) => error);

  equal([refusal instanceof Refusal, refusal.status, refusal.code, refusal.message, refusal.errors], [true, 400, "validation_failed", "No.", ["name"]]);
});

test("a lost network is no refusal", async () => {
  answered(new TypeError("Failed to fetch"));

  equal((await new Api("", { key: "px_1" }).get("/v1/imports").catch((error) => error)) instanceof Offline, true);
});

test("too many requests are asked again, as the same request", async () => {
  const asked = answered(answer(429, {}), answer(201, { data: { id: "imp_1" } }));
  const waited = [];
  const body = await new Api("", { key: "px_1" }, { onPatience: (seconds) => waited.push(seconds > 0) }).post("/v1/imports", {});

  equal([body.data.id, waited], ["imp_1", [true, false]]);
  equal(asked[0].headers["Idempotency-Key"], asked[1].headers["Idempotency-Key"]);
});

test("a key stays in the tab unless it is to stay on the computer", () => {
  const session = new Session(sessionStorage, localStorage);
  session.keep("px_1", { stays: false });
  equal([session.key, localStorage.length], ["px_1", 0]);
  session.keep("px_2", { stays: true });
  equal([session.key, sessionStorage.length], ["px_2", 0]);
  session.end();
  equal(session.key, null);
});

test("a key in the address is taken out of it", () => {
  const replaced = [];
  const key = keyFromAddress({ hash: "#key=px_1", pathname: "/console", search: "" }, { replaceState: (...given) => replaced.push(given[2]) });

  equal([key, replaced], ["px_1", ["/console#/"]]);
  equal(keyFromAddress({ hash: "#/imports", pathname: "/console", search: "" }, {}), null);
});

test("the speed of an upload is told once there is something to tell", () => {
  const meter = new Meter(1_000_000, 0);
  meter.tell(100_000, 100);
  equal(meter.bytesPerS, null);
  meter.tell(500_000, 1_000);
  equal([meter.part, meter.bytesPerS, meter.restS], [0.5, 500_000, 1]);
});

test("a file goes in parts, each once, with links as they are needed", async () => {
  const size = 25 * 10 - 5;
  const link = (number) => ({ number, url: `part-${number}`, from: (number - 1) * 10, to: Math.min(size, number * 10) });
  const links = (first, last) => Array.from({ length: last - first + 1 }, (_, at) => link(first + at));
  const [asked, sent] = [[], []];
  const api = {
    get: async (_, { parts }) => { asked.push(parts); const [first, last] = parts.split("-").map(Number); return { data: { _upload_parts: links(first, last) } }; },
  };
  window.XMLHttpRequest = class {
    upload = {};
    open(_, url) { this.url = url; }
    setRequestHeader() {}
    async send(content) { sent.push([this.url, await content.text()]); this.status = 200; this.onload(); }
  };
  const file = new File([Array.from({ length: size }, (_, at) => String.fromCharCode(97 + (at % 26))).join("")], "x.csv");
  let told = 0;
  await sendInParts(api, { id: "imp_1", _upload_parts: links(1, 10) }, file, { onProgress: (bytes) => { told = bytes; } });

  equal([asked, sent.length, new Set(sent.map(([url]) => url)).size, told], [["11-25"], 25, 25, size]);
  equal(sent.sort(([one], [other]) => one.slice(5) - other.slice(5)).map(([, text]) => text).join(""), await file.text());
});
