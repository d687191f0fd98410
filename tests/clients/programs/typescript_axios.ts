/** An import by the client that openapi-generator makes for TypeScript with axios. */

import { Configuration, PackageXApi } from "./typescript-axios/index";
import { FINAL, report, settings, sleep, upload } from "./common";

const api = new PackageXApi(new Configuration({ basePath: settings.baseUrl, apiKey: settings.key }));

const created = (await api.packagexCreateImport({ upload_mode: "async", resource: "customers", action: "merge" })).data.data;
await upload(created._upload_url);

let shown = created;
while (!FINAL.includes(shown.status)) {
  await sleep(200);
  shown = (await api.packagexShowImport(created.id)).data.data;
}

const listed = (await api.packagexListImports(1, 5)).data.data;
report(shown.status, shown.stats.created, listed.map((one) => one.id === created.id));
