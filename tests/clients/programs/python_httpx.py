"""Imports by the client that openapi-python-client makes, with httpx: PackageX's, and Talkdesk's by signed upload."""

import json
import os
import time

import httpx
from sluice_client import AuthenticatedClient
from sluice_client.api.package_x import packagex_create_import, packagex_list_imports, packagex_show_import
from sluice_client.models.package_x_import_answer import PackageXImportAnswer
from sluice_client.models.package_x_import_request import PackageXImportRequest
from sluice_client.models.package_x_import_request_action import PackageXImportRequestAction
from sluice_client.models.package_x_import_request_resource import PackageXImportRequestResource
from sluice_client.models.package_x_import_request_upload_mode import PackageXImportRequestUploadMode
from sluice_client.models.package_x_imports_answer import PackageXImportsAnswer

FINAL = ("completed", "failed", "timed_out", "expired")

client = AuthenticatedClient(
    os.environ["BASE_URL"], os.environ["PACKAGEX_KEY"], prefix="", auth_header_name="PX-API-KEY"
)

request = PackageXImportRequest(
    upload_mode=PackageXImportRequestUploadMode.ASYNC,
    resource=PackageXImportRequestResource.CUSTOMERS,
    action=PackageXImportRequestAction.MERGE,
)
created = packagex_create_import.sync(client=client, body=request)
assert isinstance(created, PackageXImportAnswer), created
assert created.data.field_upload_url is not None
httpx.put(created.data.field_upload_url, content=os.environ["SOURCE"].encode()).raise_for_status()

while True:
    shown = packagex_show_import.sync(created.data.id, client=client)
    assert isinstance(shown, PackageXImportAnswer), shown
    if shown.data.status in FINAL:
        break
    time.sleep(0.2)

listed = packagex_list_imports.sync(client=client, limit=5)
assert isinstance(listed, PackageXImportsAnswer), listed
found = [one.id == created.data.id for one in listed.data]
print(json.dumps({"status": shown.data.status, "created": shown.data.stats.created, "listed": found}))
