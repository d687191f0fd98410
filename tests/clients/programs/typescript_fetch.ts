/** An import by the client that openapi-generator makes for TypeScript with fetch. */

import { Configuration, PackageXApi } from "./typescript-fetch/index";
import { FINAL, report, settings, sleep, upload } from "./common";

const api = new PackageXApi(new Configuration({ basePath: settings.baseUrl, apiKey: settings.key }));

const created = (await api.packagexCreateImport({
  packageXImportRequest: { uploadMode: "async", resource: "customers", action: "merge" },
})).data;
await upload(created.uploadUrl);

let shown = created;
while (!FINAL.includes(shown.status)) {
  await sleep(200);
  shown = (await api.packagexShowImport({ importId: created.id })).data;
}

const listed = (await api.packagexListImports({ limit: 5 })).data;
report(shown.status, shown.stats.created, listed.map((one) => one.id === created.id));
