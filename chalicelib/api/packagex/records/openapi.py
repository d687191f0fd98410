"""What records tell of their routes in the OpenAPI document. Examples are rendered as real answers are."""

from chalicelib.api.openapi.operation import FeatureDescription, Json, Operation, PathParameter, Success
from chalicelib.api.openapi.refusal_examples import AT
from chalicelib.api.packagex import RESOURCE_NAMES
from chalicelib.api.packagex.envelope import render_cursor_page
from chalicelib.api.packagex.openapi_examples import enveloped
from chalicelib.api.packagex.records import requests, routes, schemas
from chalicelib.api.packagex.records.responses import render_record
from chalicelib.model.catalogue import RESOURCES
from chalicelib.model.ids import RecordId
from chalicelib.model.records import Record
from chalicelib.model.rows import Fields

_RECORD_ID = "con_7w2m5r8t0v3x6z9b1d4f"


_FIELDS: Fields = {"name": "Kylo Ren", "email": "kylo@example.com", "tags": ["vip"]}


_RECORD: Json = dict(
    render_record(
        RESOURCES["contacts"],
        Record(
            record_id=RecordId(_RECORD_ID),
            fields=_FIELDS,
            version=1,
            created_at=AT * 1000,
            updated_at=AT * 1000,
        ),
    )
)


_PATH = "/v1/records/contacts"
_PAGE = enveloped("Records retrieved.", [_RECORD], _PATH, pagination=render_cursor_page(25, None))
_ONE = enveloped("Record retrieved.", _RECORD, f"{_PATH}/{_RECORD_ID}")

FEATURE = FeatureDescription(
    routes=routes.ROUTES,
    operations={
        routes.list_records: Operation(
            summary="List records",
            text="By cursor. A filter on an identity, such as the e-mail address, looks its record up. Other filters "
            "look through 2,000 records: a page may hold fewer than the limit, even none, and still lead on.",
            query=requests.PackageXRecordsQuery,
            successes=[Success(text="A page.", schema=schemas.PackageXRecordsAnswer, examples={"a page": _PAGE})],
            refusals=("resource_not_found", "unknown_field", "invalid_cursor"),
        ),
        routes.show_record: Operation(
            summary="Show a record",
            text="Its fields that have a value, and what the service knows of it.",
            successes=[Success(text="The record.", schema=schemas.PackageXRecordAnswer, examples={"a contact": _ONE})],
            refusals=("resource_not_found", "record_not_found"),
        ),
    },
    path_parameters={
        "resource": PathParameter("A resource, singular or plural.", "contacts", RESOURCE_NAMES),
        "record_id": PathParameter("The record.", _RECORD_ID),
    },
)
"""What records add to the description of PackageX."""
