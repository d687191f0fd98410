/** An import by the client that Orval makes with fetch. */

import { packagexCreateImport, packagexListImports, packagexShowImport } from "./orval/sluice";
import { FINAL, report, settings, sleep, upload } from "./common";

const options = { headers: { "PX-API-KEY": settings.key } };

const created = await packagexCreateImport({ upload_mode: "async", resource: "customers", action: "merge" }, options);
if (created.status !== 201) throw new Error(created.data.message);
const { id, _upload_url } = created.data.data;
await upload(_upload_url);

const show = async () => {
  const answer = await packagexShowImport(id, {}, options);
  if (answer.status !== 200) throw new Error(`${answer.status}`);
  return answer.data.data;
};
let shown = await show();
while (!FINAL.includes(shown.status)) {
  await sleep(200);
  shown = await show();
}

const listed = await packagexListImports({ limit: 5 }, options);
if (listed.status !== 200) throw new Error(`${listed.status}`);
report(shown.status, shown.stats.created, listed.data.data.map((one) => one.id === id));
