"""cStar, Kasar and Talkdesk by the client that openapi-python-client makes, with httpx."""

import json
import os
import time
from base64 import b64encode

import httpx
from sluice_client import AuthenticatedClient
from sluice_client.api.c_star import cstar_run_import
from sluice_client.api.kasar import kasar_export_records, kasar_import_records
from sluice_client.api.talkdesk import (
    talkdesk_create_import,
    talkdesk_list_imports,
    talkdesk_show_import,
    talkdeskoauth_issue_token,
)
from sluice_client.models.c_star_import_answer import CStarImportAnswer
from sluice_client.models.c_star_import_request import CStarImportRequest
from sluice_client.models.c_star_import_request_resource import CStarImportRequestResource
from sluice_client.models.kasar_export import KasarExport
from sluice_client.models.kasar_export_records_object import KasarExportRecordsObject
from sluice_client.models.kasar_import_records_object import KasarImportRecordsObject
from sluice_client.models.kasar_import_request import KasarImportRequest
from sluice_client.models.kasar_import_result import KasarImportResult
from sluice_client.models.talkdesk_import import TalkdeskImport
from sluice_client.models.talkdesk_import_request import TalkdeskImportRequest
from sluice_client.models.talkdesk_import_request_type import TalkdeskImportRequestType
from sluice_client.models.talkdesk_imports import TalkdeskImports
from sluice_client.models.talkdesk_o_auth_token import TalkdeskOAuthToken
from sluice_client.models.talkdesk_o_auth_token_form import TalkdeskOAuthTokenForm
from sluice_client.types import Unset

BASE_URL = os.environ["BASE_URL"]


def cstar() -> int:
    client = AuthenticatedClient(BASE_URL, os.environ["CSTAR_KEY"])
    body = CStarImportRequest(
        resource=CStarImportRequestResource.CUSTOMERS, records=[{"name": "Jane", "email": "jane@example.com"}]
    )
    answer = cstar_run_import.sync(os.environ["CSTAR_TEAM"], client=client, body=body)
    assert isinstance(answer, CStarImportAnswer), answer
    return answer.data.created


def kasar() -> tuple[int, int]:
    client = AuthenticatedClient(BASE_URL, os.environ["KASAR_KEY"])
    body = KasarImportRequest(records=[{"first_name": "Alice", "last_name": "Martin", "email": "alice@example.com"}])
    imported = kasar_import_records.sync(KasarImportRecordsObject.CONTACTS, client=client, body=body)
    assert isinstance(imported, KasarImportResult), imported
    exported = kasar_export_records.sync(KasarExportRecordsObject.CONTACTS, client=client)
    assert isinstance(exported, KasarExport), exported
    return imported.created, exported.total


def talkdesk() -> tuple[str, int, list[bool]]:
    client = AuthenticatedClient(BASE_URL, _token())
    body = TalkdeskImportRequest(type_=TalkdeskImportRequestType.CREATE_USERS)
    created = talkdesk_create_import.sync(client=client, body=body)
    assert isinstance(created, TalkdeskImport), created
    assert not isinstance(created.field_links.upload, Unset)
    httpx.put(created.field_links.upload.href, content=os.environ["TALKDESK_SOURCE"].encode()).raise_for_status()
    shown = created
    while shown.status in ("QUEUED", "IN_PROGRESS"):
        time.sleep(0.2)
        answer = talkdesk_show_import.sync(created.id, client=client)
        assert isinstance(answer, TalkdeskImport), answer
        shown = answer
    listed = talkdesk_list_imports.sync(client=client)
    assert isinstance(listed, TalkdeskImports), listed
    return shown.status, shown.completed_records, [one.id == created.id for one in listed.field_embedded.imports]


def _token() -> str:
    credentials = f"{os.environ['TALKDESK_ID']}:{os.environ['TALKDESK_SECRET']}"
    client = AuthenticatedClient(BASE_URL, b64encode(credentials.encode()).decode(), prefix="Basic")
    body = TalkdeskOAuthTokenForm(grant_type="client_credentials")
    token = talkdeskoauth_issue_token.sync(client=client, body=body)
    assert isinstance(token, TalkdeskOAuthToken), token
    return token.access_token


print(json.dumps({"cstar": cstar(), "kasar": kasar(), "talkdesk": talkdesk()}))
