"""What cStar's routes are, for the OpenAPI document; examples are rendered as real answers are."""

from http import HTTPStatus

from chalicelib.api.cstar import openapi_examples, requests, routes, schemas
from chalicelib.api.cstar.adapter import make_adapter
from chalicelib.api.openapi.errors import now
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
from chalicelib.model.api_keys import KeyKind, Scope

TEXT = """
Up to 500 records with a merge strategy, logs of imports, and export as JSON or CSV. A team is a tenant; test keys see a
data set of their own.
"""

IMPORT: Json = {"resource": "customers", "records": [{"name": "Jane", "email": "jane@example.com"}]}
EXPORT: Json = {"resources": [{"type": "tickets", "filters": {"status": "closed"}}]}

EXPORTED_ELSEWHERE = Success(
    text="The answer would be larger than 6 MB: it lies behind a signed URL, good for an hour.",
    status=HTTPStatus.SEE_OTHER,
    headers={"Location": "https://files.example.com/answers/ans_1?X-Amz-Signature=…"},
)

CUT = {"X-Truncated-Resources": "tickets"}

_OPERATIONS = {
    routes.run_import: Operation(
        summary="Import records",
        text="Answers when every record has its outcome. Records that fail leave the others alone.",
        body=requests.CStarImportRequest,
        bodies={"customers": IMPORT | {"mergeStrategy": "skip"}, "fill gaps": IMPORT | {"mergeStrategy": "fill"}},
        successes=[
            Success(
                text="What became of them.",
                schema=schemas.CStarImportAnswer,
                examples={"a mixed bag": openapi_examples.import_result()},
            )
        ],
        refusals=("foreign_team", *RECORDS, "already_ended"),
    ),
    routes.list_logs: Operation(
        summary="List logs of imports",
        text="Newest first; imports of these resources through other dialects, too.",
        query=requests.CStarLogsQuery,
        successes=[
            Success(text="A page.", schema=schemas.CStarLogsAnswer, examples={"a page": openapi_examples.logs()})
        ],
        refusals=("foreign_team",),
    ),
    routes.create_export: Operation(
        summary="Export records",
        text="Several resources as JSON, or one of them as CSV; at most 10,000 records of each, latest first.",
        body=requests.CStarExportRequest,
        bodies={"JSON": EXPORT | {"format": "json"}, "CSV": EXPORT | {"format": "csv"}},
        successes=[
            Success(
                text="The records.",
                schema=schemas.CStarExportAnswer,
                headers=CUT,
                examples={"JSON": openapi_examples.json_export()},
            ),
            Success(
                text="With `format` csv a file.",
                schema=str,
                content_type="text/csv",
                headers={**openapi_examples.csv_export().headers, **CUT},
                examples={"CSV": openapi_examples.csv_export().content.decode()},
            ),
            EXPORTED_ELSEWHERE,
        ],
        refusals=("foreign_team", "invalid_filter", "selection_too_long", "selection_too_large"),
    ),
}

_FEATURE = FeatureDescription(
    routes=routes.ROUTES,
    operations=_OPERATIONS,
    path_parameters={"team_id": PathParameter("The team, a UUID.", "a81d22b5-d522-46e4-ab01-29565240c648")},
    samples=(
        Refused("malformed_key", "An API key begins with one of sk_live_, sk_test_, pk_live_, pk_test_."),
        Refused("foreign_team", "The API key does not belong to this team."),
        Refused("insufficient_scope", "A secret key is required.", scope=Scope.IMPORTS_WRITE, kind=KeyKind.PK_LIVE),
    ),
)

DESCRIPTION = DialectDescription(
    name="cStar",
    text=TEXT,
    adapter=make_adapter(now),
    features=(_FEATURE,),
    security=Security(
        name="cstar",
        scheme={
            "type": "http",
            "scheme": "bearer",
            "description": "A secret key (`sk_live_…`, `sk_test_…`); for logs a publishable one (`pk_…`) will do.",
        },
    ),
    refusal=schemas.CStarRefusal,
    caller_refusals=(
        "missing_key",
        "unknown_key",
        "malformed_key",
        "expired_key",
        "insufficient_scope",
        "rate_limited",
    ),
)
