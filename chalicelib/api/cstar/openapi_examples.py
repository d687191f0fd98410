"""cStar's answers in the document: things that might have been, rendered as real ones are."""

import json

import orjson

from chalicelib.api.cstar.exports import ResourceExport, render_csv, render_json
from chalicelib.api.cstar.responses import (
    CStarAnswer,
    render_import_result,
    render_log,
    render_pagination,
    render_success,
)
from chalicelib.api.http.response import Document
from chalicelib.api.openapi.operation import Json
from chalicelib.api.openapi.refusal_examples import AT
from chalicelib.exports.sync import SelectedRecords
from chalicelib.model.catalogue import RESOURCES
from chalicelib.model.ids import ImportId, TenantId
from chalicelib.model.imports import Action, Import, Stats, Status, UploadMode
from chalicelib.model.problem_codes import ProblemCode
from chalicelib.model.problems import Problem
from chalicelib.model.rows import Outcome, RowOutcome
from chalicelib.model.task_results import InlineResult

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
    problem = Problem(ProblemCode.INVALID_EMAIL, row_number=4, line=4, field="email", value="bob@")
    arrived = InlineResult(_IMPORT, (RowOutcome(4, 4, Outcome.FAILED, problems=[problem]),))
    return _body_of(CStarAnswer(data=render_import_result(arrived), name="import_result"))


def logs() -> Json:
    return _body_of(CStarAnswer(data=[render_log(_IMPORT)], name="imports", pagination=render_pagination(1, 20, 1)))


def json_export() -> Json:
    return _body_of(render_json([_EXPORTED]))


def csv_export() -> Document:
    return render_csv(_EXPORTED)


def _body_of(answer: CStarAnswer) -> Json:
    body: Json = json.loads(render_success(answer, AT).content)
    return body
