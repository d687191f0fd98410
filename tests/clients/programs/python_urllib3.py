"""An import by the client that openapi-generator makes for Python, with urllib3."""

import json
import os
import time

import openapi_client
import urllib3
from openapi_client.models.package_x_import_request import PackageXImportRequest

FINAL = ("completed", "failed", "timed_out", "expired")

configuration = openapi_client.Configuration(
    host=os.environ["BASE_URL"], api_key={"packagex": os.environ["PACKAGEX_KEY"]}
)
api = openapi_client.PackageXApi(openapi_client.ApiClient(configuration))

request = PackageXImportRequest(upload_mode="async", resource="customers", action="merge")
created = api.packagex_create_import(request).data
assert created.upload_url is not None
urllib3.request("PUT", created.upload_url, body=os.environ["SOURCE"].encode())

while (shown := api.packagex_show_import(created.id).data).status not in FINAL:
    time.sleep(0.2)

listed = api.packagex_list_imports(page=1, limit=5).data
print(
    json.dumps(
        {"status": shown.status, "created": shown.stats.created, "listed": [one.id == created.id for one in listed]}
    )
)
