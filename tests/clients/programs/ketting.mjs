/** An import of Talkdesk's by Ketting, which follows links and the Location of what it creates. */

import { Client, oauth2 } from "ketting";

const { BASE_URL, TALKDESK_ID, TALKDESK_SECRET, TALKDESK_SOURCE } = process.env;

const client = new Client(`${BASE_URL}/bulk-imports/users`);
client.use(oauth2({
  grantType: "client_credentials",
  clientId: TALKDESK_ID,
  clientSecret: TALKDESK_SECRET,
  tokenEndpoint: `${BASE_URL}/oauth/token`,
}));

const list = client.go();
const created = await list.postFollow({ data: { type: "CREATE_USERS", filename: "users.csv" } });
let state = await created.get();
const sent = await fetch(state.links.get("upload").href, { method: "PUT", body: TALKDESK_SOURCE });
if (!sent.ok) throw new Error(await sent.text());

while (["QUEUED", "IN_PROGRESS"].includes(state.data.status)) {
  await new Promise((resolve) => setTimeout(resolve, 200));
  state = await created.refresh();
}

const page = await list.refresh();
const listed = page.getEmbedded().map((one) => one.uri === state.uri);
console.log(JSON.stringify({ status: state.data.status, created: state.data.completed_records, listed }));
