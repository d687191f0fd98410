"""Kasar's answers in the document: things that might have been, rendered as real ones are."""

import json

import orjson

from chalicelib.api.http.response import Document
from chalicelib.api.kasar.responses import render_csv, render_import_result, render_json
from chalicelib.api.openapi.operation import Json
from chalicelib.exports.sync import SelectedRecords
from chalicelib.model.catalogue import RESOURCES
from chalicelib.model.ids import ImportId, TenantId
from chalicelib.model.imports import Action, Import, Stats, UploadMode
from chalicelib.model.problem_codes import ProblemCode
from chalicelib.model.problems import Problem
from chalicelib.model.rows import Fields, Outcome, RowOutcome
from chalicelib.model.task_results import InlineResult

_CONTACTS = RESOURCES["contacts"]
_RECORDS: list[Fields] = [
    {"first_name": "Alice", "last_name": "Martin", "email": "alice@example.com"},
    {"first_name": "Bob", "last_name": "Dupont", "email": "bob@startup.io"},
]
_SELECTED = SelectedRecords(
    fields=("first_name", "last_name", "email"), documents=tuple(orjson.dumps(one) for one in _RECORDS), matching=2
)


def import_result() -> Json:
    problem = Problem(ProblemCode.INVALID_EMAIL, row_number=3, line=3, field="email", value="bob@")
    import_ = Import(
        import_id=ImportId("imp_1"),
        tenant_id=TenantId(""),
        resource="contacts",
        action=Action.CREATE,
        upload_mode=UploadMode.SYNC,
        stats=Stats(total=3, created=1, skipped=1, failed=1),
    )
    shown: Json = json.loads(
        render_import_result(
            _CONTACTS, InlineResult(import_, (RowOutcome(3, 3, Outcome.FAILED, problems=[problem]),))
        ).content
    )
    return shown


def json_export() -> Document:
    return render_json(_CONTACTS, _SELECTED)


def csv_export() -> Document:
    return render_csv(_CONTACTS, _SELECTED)
