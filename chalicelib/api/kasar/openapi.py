"""What Kasar tells of its routes in the OpenAPI document. Examples are rendered as real answers are.

It is imported only when the document is asked for.
"""

import json
from http import HTTPStatus

import orjson

from chalicelib.api.http.response import Document
from chalicelib.api.kasar import OBJECTS, requests, routes, schemas
from chalicelib.api.kasar.responses import render_csv, render_import_result, render_json
from chalicelib.api.openapi.operation import (
    REDIRECTED,
    DialectDescription,
    FeatureDescription,
    Json,
    Operation,
    PathParameter,
    Security,
    Success,
)
from chalicelib.api.openapi.refusal_examples import RECORDS, too_large
from chalicelib.errors import Refused
from chalicelib.exports.sync import SelectedRecords
from chalicelib.model.catalogue import RESOURCES
from chalicelib.model.ids import ImportId, TenantId
from chalicelib.model.imports import Action, Import, Stats, UploadMode
from chalicelib.model.problem_codes import ProblemCode
from chalicelib.model.problems import Problem
from chalicelib.model.rows import Fields, Outcome, RowOutcome
from chalicelib.model.task_results import InlineResult

TEXT = """
Up to 50 records with duplicate detection, and everything back as JSON or CSV. Both routes are for administrators.
"""

_RECORDS_SENT: list[Json] = [
    {"first_name": "Alice", "last_name": "Martin", "email": "alice@example.com", "company_name": "Acme Corp"},
    {"first_name": "Bob", "last_name": "Dupont", "email": "bob@startup.io"},
]

_CONTACTS = RESOURCES["contacts"]
_RECORDS: list[Fields] = [
    {"first_name": "Alice", "last_name": "Martin", "email": "alice@example.com"},
    {"first_name": "Bob", "last_name": "Dupont", "email": "bob@startup.io"},
]
_SELECTED = SelectedRecords(
    fields=("first_name", "last_name", "email"), documents=tuple(orjson.dumps(one) for one in _RECORDS), matching=2
)


def import_result() -> Json:
    """Returns the answer to an import in which one record failed."""
    problem = Problem(ProblemCode.INVALID_EMAIL, row_number=3, line=3, field="email", value="bob@")
    import_ = Import(
        import_id=ImportId("imp_1"),
        tenant_id=TenantId(""),
        resource="contacts",
        action=Action.CREATE,
        upload_mode=UploadMode.SYNC,
        stats=Stats(total=3, created=1, skipped=1, failed=1),
    )
    rendered: Json = json.loads(
        render_import_result(
            _CONTACTS, InlineResult(import_, (RowOutcome(3, 3, Outcome.FAILED, problems=[problem]),))
        ).content
    )
    return rendered


def json_export() -> Document:
    """Returns an export as JSON."""
    return render_json(_CONTACTS, _SELECTED)


def csv_export() -> Document:
    """Returns the same export as CSV."""
    return render_csv(_CONTACTS, _SELECTED)


_OPERATIONS = {
    routes.import_records: Operation(
        summary="Import records",
        text="Answers when every record has its outcome. A record that equals any other in e-mail, phone or name is a "
        "duplicate and changes nothing.",
        body=requests.KasarImportRequest,
        bodies={"contacts": {"records": _RECORDS_SENT}},
        successes=[
            Success(
                text="What became of them.",
                schema=schemas.KasarImportResult,
                examples={"a mixed bag": import_result()},
            )
        ],
        refusals=("unknown_resource", *RECORDS, "already_ended"),
    ),
    routes.export_records: Operation(
        summary="Export records",
        text="Filtered and sorted, with the fields that are asked for; as JSON or as CSV.",
        query=requests.KasarExportQuery,
        successes=[
            Success(
                text="The records.",
                schema=schemas.KasarExport,
                headers={"X-Total-Matching": "2"},
                examples={"contacts": json.loads(json_export().content)},
            ),
            Success(
                text="With `format=csv` a file.",
                schema=str,
                content_type="text/csv",
                headers=csv_export().headers,
                examples={"contacts": csv_export().content.decode()},
            ),
            REDIRECTED,
        ],
        refusals=("unknown_resource", "unknown_field", "invalid_filter", "selection_too_long", "selection_too_large"),
    ),
}

_FEATURE = FeatureDescription(
    routes=routes.ROUTES,
    operations=_OPERATIONS,
    path_parameters={"object": PathParameter("The kind of record.", "contacts", OBJECTS)},
    samples=(
        Refused("unknown_resource", "The object name 'cars' does not exist.", param="object"),
        too_large("records", requests.LARGER),
    ),
)

DESCRIPTION = DialectDescription(
    name="Kasar",
    text=TEXT,
    adapter=routes.ADAPTER,
    features=(_FEATURE,),
    security=Security(
        name="kasar",
        scheme={"type": "http", "scheme": "bearer", "description": "An administrator's key; it begins with `ksr_`."},
    ),
    refusal=schemas.KasarRefusal,
    refusals={HTTPStatus.TOO_MANY_REQUESTS: schemas.KasarRateLimited},
)
