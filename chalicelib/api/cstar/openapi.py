"""What cStar tells of its routes in the OpenAPI document. Examples are rendered as real answers are.

It is imported only when the document is asked for.
"""

import json
from collections.abc import Sequence
from dataclasses import replace

import orjson

from chalicelib.api.cstar import requests, routes, schemas
from chalicelib.api.cstar.adapter import make_adapter
from chalicelib.api.cstar.exports import ResourceExport, render_csv, render_json
from chalicelib.api.cstar.responses import (
    CStarAnswer,
    render_import_result,
    render_log,
    render_pagination,
    render_success,
)
from chalicelib.api.http.response import Document
from chalicelib.api.openapi.errors import now
from chalicelib.api.openapi.operation import (
    CALLER_REFUSALS,
    REDIRECTED,
    DialectDescription,
    FeatureDescription,
    Json,
    Operation,
    PathParameter,
    Security,
    Success,
)
from chalicelib.api.openapi.refusal_examples import AT, RECORDS, too_large
from chalicelib.errors import Refused
from chalicelib.exports.sync import SelectedRecords
from chalicelib.model.api_keys import KeyKind, Scope
from chalicelib.model.catalogue import RESOURCES
from chalicelib.model.ids import ImportId, TenantId
from chalicelib.model.imports import Action, Import, Stats, Status, UploadMode
from chalicelib.model.problem_codes import ProblemCode
from chalicelib.model.problems import Problem
from chalicelib.model.refusals import RefusalCode, RefusalKind
from chalicelib.model.rows import Outcome, RowOutcome
from chalicelib.model.task_results import InlineResult

TEXT = """
Up to 500 records with a merge strategy, logs of imports, and export as JSON or CSV. A team is a tenant; test keys see a
data set of their own.
"""

_IMPORT_BODY: Json = {"resource": "customers", "records": [{"name": "Jane", "email": "jane@example.com"}]}
_EXPORT_BODY: Json = {"resources": [{"type": "tickets", "filters": {"status": "closed"}}]}

_CUT = {"X-Truncated-Resources": "tickets"}

_IMPORT = Import(
    import_id=ImportId("imp_0s3kq8mzt1v6b4yx9c2n"),
    tenant_id=TenantId(""),
    resource="customers",
    action=Action.MERGE,
    upload_mode=UploadMode.SYNC,
    status=Status.COMPLETED,
    stats=Stats(total=4, created=1, updated=1, skipped=1, failed=1),
    created_at=AT,
)
_TICKET = {"id": "tic_4r7x", "title": "Cannot log in", "status": "closed"}
_EXPORTED = ResourceExport(
    RESOURCES["tickets"],
    SelectedRecords(fields=("id", "title", "status"), documents=(orjson.dumps(_TICKET),), matching=1),
)


def import_result() -> Json:
    """Returns the answer to an import in which one record failed."""
    problem = Problem(ProblemCode.INVALID_EMAIL, row_number=4, line=4, field="email", value="bob@")
    unknown = Problem(ProblemCode.HEADER_UNKNOWN, field="loyalty", value="loyalty")
    import_ = replace(_IMPORT, findings=(unknown,))
    result = InlineResult(import_, (RowOutcome(4, 4, Outcome.FAILED, problems=[problem]),))
    return _body_of(CStarAnswer(data=render_import_result(result), name="import_result"))


def logs() -> Json:
    """Returns a page of logs with one import."""
    return _body_of(CStarAnswer(data=[render_log(_IMPORT)], name="imports", pagination=render_pagination(1, 20, 1)))


def json_export() -> Json:
    """Returns an export as JSON."""
    return _body_of(render_json([_EXPORTED]))


def csv_export() -> Document:
    """Returns the same export as CSV."""
    return render_csv(_EXPORTED)


def _body_of(answer: CStarAnswer) -> Json:
    body: Json = json.loads(render_success(answer, AT).content)
    return body


_EXPORTED_RECORDS = [
    Success(text="The records.", schema=schemas.CStarExportAnswer, headers=_CUT, examples={"JSON": json_export()}),
    Success(
        text="With `format` csv a file.",
        schema=str,
        content_type="text/csv",
        headers={**csv_export().headers, **_CUT},
        examples={"CSV": csv_export().content.decode()},
    ),
    REDIRECTED,
]
_EXPORT_REFUSALS: Sequence[RefusalCode] = ("foreign_team", "invalid_filter", *RefusalKind.LARGE_EXPORT.codes)

_OPERATIONS = {
    routes.run_import: Operation(
        summary="Import records",
        text="Answers when every record has its outcome. Records that fail leave the others alone.",
        body=requests.CStarImportRequest,
        bodies={
            "customers": _IMPORT_BODY | {"mergeStrategy": "skip"},
            "fill gaps": _IMPORT_BODY | {"mergeStrategy": "fill"},
        },
        successes=[
            Success(
                text="What became of them.",
                schema=schemas.CStarImportAnswer,
                examples={"a mixed bag": import_result()},
            )
        ],
        refusals=("foreign_team", *RECORDS, "already_ended"),
    ),
    routes.list_logs: Operation(
        summary="List logs of imports",
        text="Newest first; imports of these resources through other dialects, too.",
        query=requests.CStarLogsQuery,
        successes=[Success(text="A page.", schema=schemas.CStarLogsAnswer, examples={"a page": logs()})],
        refusals=("foreign_team",),
    ),
    routes.create_export: Operation(
        summary="Export records",
        text="Several resources as JSON, or one of them as CSV; at most 10,000 records of each, latest first.",
        body=requests.CStarExportRequest,
        bodies={"JSON": _EXPORT_BODY | {"format": "json"}, "CSV": _EXPORT_BODY | {"format": "csv"}},
        successes=_EXPORTED_RECORDS,
        refusals=_EXPORT_REFUSALS,
    ),
    routes.export_by_query: Operation(
        summary="Export records of one resource",
        text="As the POST of this path, for one resource: its type, the format and the filters stand in the query.",
        query=requests.CStarExportQuery,
        successes=_EXPORTED_RECORDS,
        refusals=_EXPORT_REFUSALS,
    ),
}

_FEATURE = FeatureDescription(
    routes=routes.ROUTES,
    operations=_OPERATIONS,
    path_parameters={"team_id": PathParameter("The team, a UUID.", "a81d22b5-d522-46e4-ab01-29565240c648")},
    samples=(
        too_large("records", requests.LARGER),
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
            "description": "A secret key (`sk_live_…`, `sk_test_…`). A publishable one (`pk_…`) opens nothing.",
        },
    ),
    refusal=schemas.CStarRefusal,
    caller_refusals=(*CALLER_REFUSALS, "malformed_key"),
)
