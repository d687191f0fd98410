"""What PackageX's routes are, for the OpenAPI document; examples are rendered as real answers are."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from chalicelib.api.openapi.operation import (
    DialectDescription,
    Json,
    Operation,
    PathParameter,
    Security,
    Success,
)
from chalicelib.api.openapi.refusal_examples import SOURCE
from chalicelib.api.packagex import RESOURCE_NAMES
from chalicelib.api.packagex.envelope import ADAPTER
from chalicelib.api.packagex.exports import openapi
from chalicelib.api.packagex.exports.routes import EXPORT_ROUTES
from chalicelib.api.packagex.imports import requests, routes, schemas
from chalicelib.api.packagex.imports.openapi_examples import (
    DELETED,
    IMPORT_ID,
    RECORD,
    RECORD_ID,
    ended_import,
    enveloped,
    page_of_imports,
    page_of_records,
    waiting_import,
)
from chalicelib.api.packagex.schedules import openapi as schedule_described
from chalicelib.api.packagex.schedules.routes import SCHEDULE_ROUTES
from chalicelib.api.packagex.webhooks import openapi as webhook_described
from chalicelib.api.packagex.webhooks.routes import WEBHOOK_ROUTES

TEXT = """
Imports of any size: create one, send the file to the signed URL, watch its seven phases, fetch the rejected rows.
Every answer, success or not, has the same envelope. A tenant's records can be looked at under `/v1/records`.
"""

PATH_PARAMETERS = {
    "import_id": PathParameter("The import.", IMPORT_ID),
    "resource": PathParameter("A resource, singular or plural.", "contacts", RESOURCE_NAMES),
    "record_id": PathParameter("The record.", RECORD_ID),
}

ASYNC: Json = {"upload_mode": "async", "resource": "customers", "action": "merge", "duplicate_handling": "use_first"}
CREATIONS = {
    "signed upload": ASYNC | {"name": "Customers, spring", "filename": "customers.csv", "content_type": "text/csv"},
    "records": {
        "upload_mode": "sync",
        "resource": "contact",
        "action": "merge",
        "data": [{"name": "Kylo Ren", "email": "kylo@example.com"}, {"name": "Han Solo", "email": "han@example.com"}],
    },
    "data URL": {
        "upload_mode": "sync",
        "resource": "contact",
        "action": "create",
        "data": "data:text/csv;base64,bmFtZSxlbWFpbApLeWxvIFJlbixreWxvQGV4YW1wbGUuY29tCg==",
    },
    "own headers": ASYNC
    | {"column_mapping": {"email": "E-Mail Address"}, "reading": {"delimiter": ";", "encoding": "windows-1252"}},
}

OPERATIONS: Mapping[Any, Operation] = {
    **openapi.OPERATIONS,
    **schedule_described.OPERATIONS,
    **webhook_described.OPERATIONS,
    routes.create_import: Operation(
        summary="Create an import",
        text="`async`: PUT the file to `_upload_url` within 24 hours. `sync`: the data comes along, and the answer "
        "comes when prevalidation and preparsing are done; the other five phases follow.",
        body=requests.PackageXImportRequest,
        bodies=CREATIONS,
        successes=[
            Success(
                text="The import.",
                status=HTTPStatus.CREATED,
                schema=schemas.PackageXImportAnswer,
                examples={"signed upload": waiting_import(), "records": ended_import()},
            )
        ],
        refusals=("unknown_resource", *SOURCE, "already_ended"),
    ),
    routes.list_imports: Operation(
        summary="List imports",
        text="Newest first.",
        query=requests.PackageXImportsQuery,
        successes=[
            Success(text="A page.", schema=schemas.PackageXImportsAnswer, examples={"a page": page_of_imports()})
        ],
        refusals=("unknown_resource",),
    ),
    routes.show_import: Operation(
        summary="Show an import",
        text="Live while it runs. The flags add signed links to files, good for an hour.",
        query=requests.PackageXImportQuery,
        successes=[
            Success(
                text="The import.",
                schema=schemas.PackageXImportAnswer,
                examples={"ended": enveloped("Import retrieved.", ended_import()["data"], f"/v1/imports/{IMPORT_ID}")},
            )
        ],
        refusals=("import_not_found",),
    ),
    routes.update_import: Operation(
        summary="Cancel or rename an import",
        body=requests.PackageXImportUpdate,
        bodies={"cancel": {"status": "canceled"}, "rename": {"name": "Customers, second try"}},
        successes=[
            Success(
                text="The import.",
                schema=schemas.PackageXImportAnswer,
                examples={
                    "renamed": enveloped("Import updated.", waiting_import()["data"], f"/v1/imports/{IMPORT_ID}")
                },
            )
        ],
        refusals=("import_not_found", "already_ended"),
    ),
    routes.delete_import: Operation(
        summary="Delete an import",
        text="One that has ended, with its files; its records stay.",
        successes=[
            Success(
                text="It is gone.",
                schema=schemas.PackageXImportDeletionAnswer,
                examples={"deleted": enveloped("Import deleted.", DELETED, f"/v1/imports/{IMPORT_ID}")},
            )
        ],
        refusals=("import_not_found", "not_ended"),
    ),
    routes.list_records: Operation(
        summary="List records",
        text="By cursor. With filters a page may hold fewer records than the limit, even none, and still lead on.",
        query=requests.PackageXRecordsQuery,
        successes=[
            Success(text="A page.", schema=schemas.PackageXRecordsAnswer, examples={"a page": page_of_records()})
        ],
        refusals=("resource_not_found", "unknown_field", "invalid_cursor"),
    ),
    routes.show_record: Operation(
        summary="Show a record",
        successes=[
            Success(
                text="The record.",
                schema=schemas.PackageXRecordAnswer,
                examples={"a contact": enveloped("Record retrieved.", RECORD, f"/v1/records/contacts/{RECORD_ID}")},
            )
        ],
        refusals=("resource_not_found", "record_not_found"),
    ),
}

DESCRIPTION = DialectDescription(
    name="PackageX",
    text=TEXT,
    routes=(*routes.ROUTES, *EXPORT_ROUTES, *SCHEDULE_ROUTES, *WEBHOOK_ROUTES),
    voice=ADAPTER,
    operations=OPERATIONS,
    security=Security(
        name="packagex",
        scheme={
            "type": "apiKey",
            "in": "header",
            "name": "PX-API-KEY",
            "description": "A key that begins with `px_`. The header may also be called `X-API-KEY`.",
        },
    ),
    path_parameters=PATH_PARAMETERS
    | openapi.PATH_PARAMETERS
    | schedule_described.PATH_PARAMETERS
    | webhook_described.PATH_PARAMETERS,
    samples=openapi.SAMPLES | schedule_described.SAMPLES | webhook_described.SAMPLES,
    webhooks=webhook_described.WEBHOOKS,
    refusal=schemas.PackageXRefusal,
)
