"""What Kasar's routes are, for the OpenAPI document; examples are rendered as real answers are."""

import json
from http import HTTPStatus

from chalicelib.api.kasar import OBJECTS, openapi_examples, requests, routes, schemas
from chalicelib.api.openapi.operation import (
    DialectDescription,
    FeatureDescription,
    Json,
    Operation,
    PathParameter,
    Security,
    Success,
)
from chalicelib.api.openapi.refusal_examples import RECORDS
from chalicelib.errors import Refused

TEXT = """
Up to 50 records with duplicate detection, and everything back as JSON or CSV. Both routes are for administrators.
"""

RECORDS_SENT: list[Json] = [
    {"first_name": "Alice", "last_name": "Martin", "email": "alice@example.com", "company_name": "Acme Corp"},
    {"first_name": "Bob", "last_name": "Dupont", "email": "bob@startup.io"},
]

EXPORTED_ELSEWHERE = Success(
    text="The answer would be larger than 6 MB: it lies behind a signed URL, good for an hour.",
    status=HTTPStatus.SEE_OTHER,
    headers={"Location": "https://files.example.com/answers/ans_1?X-Amz-Signature=…"},
)

_OPERATIONS = {
    routes.import_records: Operation(
        summary="Import records",
        text="Answers when every record has its outcome. A record that equals any other in e-mail, phone or name is a "
        "duplicate and changes nothing.",
        body=requests.KasarImportRequest,
        bodies={"contacts": {"records": RECORDS_SENT}},
        successes=[
            Success(
                text="What became of them.",
                schema=schemas.KasarImportResult,
                examples={"a mixed bag": openapi_examples.import_result()},
            )
        ],
        refusals=("unknown_resource", *RECORDS, "already_ended"),
    ),
    routes.export_records: Operation(
        summary="Export records",
        query=requests.KasarExportQuery,
        successes=[
            Success(
                text="The records.",
                schema=schemas.KasarExport,
                headers={"X-Total-Matching": "2"},
                examples={"contacts": json.loads(openapi_examples.json_export().content)},
            ),
            Success(
                text="With `format=csv` a file.",
                schema=str,
                content_type="text/csv",
                headers=openapi_examples.csv_export().headers,
                examples={"contacts": openapi_examples.csv_export().content.decode()},
            ),
            EXPORTED_ELSEWHERE,
        ],
        refusals=("unknown_resource", "unknown_field", "invalid_filter", "selection_too_long", "selection_too_large"),
    ),
}

_FEATURE = FeatureDescription(
    routes=routes.ROUTES,
    operations=_OPERATIONS,
    path_parameters={"object": PathParameter("The kind of record.", "contacts", OBJECTS)},
    samples=(Refused("unknown_resource", "The object name 'cars' does not exist.", param="object"),),
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
