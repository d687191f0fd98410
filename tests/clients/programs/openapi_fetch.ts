/** An import by openapi-fetch, with the types that openapi-typescript makes. */

import createClient from "openapi-fetch";
import type { paths } from "./openapi-typescript";
import { FINAL, report, settings, sleep, upload } from "./common";

const client = createClient<paths>({ baseUrl: settings.baseUrl, headers: { "PX-API-KEY": settings.key } });

const created = await client.POST("/v1/imports", {
  body: { upload_mode: "async", resource: "customers", action: "merge" },
});
if (!created.data) throw new Error(created.error.message);
const { id, _upload_url } = created.data.data;
await upload(_upload_url);

const show = async () => {
  const { data, error } = await client.GET("/v1/imports/{import_id}", { params: { path: { import_id: id } } });
  if (!data) throw new Error(error.message);
  return data.data;
};
let shown = await show();
while (!FINAL.includes(shown.status)) {
  await sleep(200);
  shown = await show();
}

const listed = await client.GET("/v1/imports", { params: { query: { limit: 5 } } });
if (!listed.data) throw new Error(listed.error.message);
report(shown.status, shown.stats.created, listed.data.data.map((one) => one.id === id));
