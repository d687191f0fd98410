/** An import of Talkdesk's by Traverson with its HAL adapter. */

import traverson from "traverson";
import HalAdapter from "traverson-hal";

const { BASE_URL, TALKDESK_ID, TALKDESK_SECRET, TALKDESK_SOURCE } = process.env;

traverson.registerMediaType(HalAdapter.mediaType, HalAdapter);

const call = (start) => new Promise((resolve, reject) => {
  start((error, answer) => (error ? reject(error) : resolve(answer)));
});

const token = await fetch(`${BASE_URL}/oauth/token`, {
  method: "POST",
  headers: { Authorization: `Basic ${btoa(`${TALKDESK_ID}:${TALKDESK_SECRET}`)}` },
  body: new URLSearchParams({ grant_type: "client_credentials" }),
});
const headers = { Authorization: `Bearer ${(await token.json()).access_token}` };
const from = (url) => traverson.from(url).jsonHal().withRequestOptions({ headers });

const list = `${BASE_URL}/bulk-imports/users`;
const answer = await call((done) => from(list).post({ type: "CREATE_USERS", filename: "users.csv" }, done));
if (answer.statusCode !== 201) throw new Error(answer.body);
const created = answer.headers.location;
let shown = await call((done) => from(created).getResource(done));
const upload = await call((done) => from(created).follow("upload").getUrl(done));
const sent = await fetch(upload, { method: "PUT", body: TALKDESK_SOURCE });
if (!sent.ok) throw new Error(await sent.text());

while (["QUEUED", "IN_PROGRESS"].includes(shown.status)) {
  await new Promise((resolve) => setTimeout(resolve, 200));
  shown = await call((done) => from(created).getResource(done));
}

const page = await call((done) => from(list).getResource(done));
const listed = page._embedded.imports.map((one) => one._links.self.href === created);
console.log(JSON.stringify({ status: shown.status, created: shown.completed_records, listed }));
