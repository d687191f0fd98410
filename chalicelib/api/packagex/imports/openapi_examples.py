"""Examples of answers about imports, rendered as real answers are."""

from dataclasses import replace

from chalicelib.api.openapi.operation import Json
from chalicelib.api.openapi.refusal_examples import AT
from chalicelib.api.packagex.envelope import render_cursor_page, render_page
from chalicelib.api.packagex.imports.responses import ImportLinks, render_import, render_row
from chalicelib.api.packagex.imports.source_responses import render_source
from chalicelib.api.packagex.openapi_examples import enveloped
from chalicelib.imports.downloads import UploadLink
from chalicelib.imports.inspected_source import InspectedSource
from chalicelib.imports.row_reader import ListedRow
from chalicelib.imports.source_description import LikelyField, SourceDescription, SuggestedColumn
from chalicelib.imports.source_values import UnknownWord
from chalicelib.model.catalogue import RESOURCES
from chalicelib.model.ids import ImportId, RecordId, TenantId
from chalicelib.model.imports import (
    Action,
    Import,
    PhaseProgress,
    PhaseStatus,
    Source,
    Stats,
    Status,
    UploadMode,
    pending_phases,
)
from chalicelib.model.object_keys import ResultFile
from chalicelib.model.passes import initial_phases
from chalicelib.model.problem_codes import ProblemCode
from chalicelib.model.problems import Problem
from chalicelib.model.rows import Outcome, RecordChanges, RowOutcome
from chalicelib.schema.column_mapping import columns_of
from chalicelib.schema.header_rules import HeaderRules

IMPORT_ID = "imp_0s3kq8mzt1v6b4yx9c2n"
CHILD_ID = "imp_7dh2wq9rk4b5zc1n8x3v"
"""Of the import that is made of the other one, a preview."""
DELETED: Json = {"object": "import", "id": IMPORT_ID, "deleted": True}


_IMPORT = Import(
    import_id=ImportId(IMPORT_ID),
    tenant_id=TenantId("a81d22b5-d522-46e4-ab01-29565240c648"),
    resource="customers",
    action=Action.MERGE,
    upload_mode=UploadMode.ASYNC,
    name="Customers, spring",
    phases=pending_phases(UploadMode.ASYNC),
    created_by="key_1f8e",
    updated_by="key_1f8e",
    created_at=AT,
    updated_at=AT,
)
_FILES = "https://files.example.com"


def waiting_import() -> Json:
    """Returns the answer with an import that waits for its file."""
    links = ImportLinks(upload=UploadLink(f"{_FILES}/uploads/{IMPORT_ID}/source?X-Amz-Signature=…", AT + 3_600))
    return enveloped("Import created. PUT the file to _upload_url.", render_import(_IMPORT, links), "/v1/imports", 201)


def ended_import() -> Json:
    """Returns the answer with an import that has ended, with links to the rows it rejected."""
    phases = tuple(_done(phase) for phase in _IMPORT.phases)
    stats = Stats(total=100, created=90, updated=5, skipped=2, failed=3)
    ended = replace(
        _IMPORT,
        status=Status.COMPLETED,
        phases=phases,
        stats=stats,
        source=Source(key="", checksum="9f2e6c0c1b4d4f0e8a7b5d3c2e1f0a9b"),
        has_upload_file=True,
        has_errors_file=True,
        problem_counts={"invalid_email": 3},
        updated_at=AT + 4,
    )
    links = ImportLinks(files={ResultFile.ERRORS_CSV: f"{_FILES}/results/{IMPORT_ID}/errors.csv?X-Amz-Signature=…"})
    return enveloped("Import created.", render_import(ended, links), "/v1/imports", 201)


def confirmed_import() -> Json:
    """Returns the answer with the import that is made of a preview."""
    child = replace(
        _IMPORT,
        import_id=ImportId(CHILD_ID),
        status=Status.QUEUED,
        preview_of=ImportId(IMPORT_ID),
        source=Source(key="", checksum="9f2e6c0c1b4d4f0e8a7b5d3c2e1f0a9b"),
    )
    return enveloped("Import created.", render_import(child, ImportLinks()), f"/v1/imports/{IMPORT_ID}", 201)


def undo_of_an_import() -> Json:
    """Returns the answer with the undo of an import."""
    undo = replace(_IMPORT, import_id=ImportId(CHILD_ID), status=Status.QUEUED, undo_of=ImportId(IMPORT_ID))
    data = render_import(replace(undo, phases=initial_phases(undo)), ImportLinks())
    return enveloped("Import created.", data, f"/v1/imports/{IMPORT_ID}/undo", 201)


def retried_import() -> Json:
    """Returns the answer with the import that tries rows of another one again."""
    child = replace(_IMPORT, import_id=ImportId(CHILD_ID), status=Status.QUEUED, retry_of=ImportId(IMPORT_ID))
    path = f"/v1/imports/{IMPORT_ID}/retry"
    return enveloped("Import created.", render_import(child, ImportLinks()), path, 201)


def inspected_source(message: str = "Source retrieved.") -> Json:
    """Returns what a source with a column that nobody has mapped yet looks like."""
    held = replace(_IMPORT, resource="customers", column_mapping={"name": "Kunde"})
    columns = (
        SuggestedColumn("Kunde", "name", (LikelyField("name", 0.8, ("words", "values")),)),
        SuggestedColumn("E-Mail", "email", (LikelyField("email", 0.98, ("alias", "values")),)),
        SuggestedColumn("Status", "status", (LikelyField("status", 0.98, ("name",)),), {"active": 1, "paused": 1}),
        SuggestedColumn("Fax", None),
    )
    description = SourceDescription(
        format="csv",
        encoding="utf-8",
        delimiter=";",
        quote='"',
        header_row=1,
        columns=columns,
        rows=(
            ("Kylo Ren", "kylo@example.com", "active", ""),
            ("Han Solo", "han@example.com", "paused", "+1 212 555 0123"),
        ),
        column_mapping={"name": "Kunde", "email": "E-Mail", "status": "Status"},
        missing=(),
    )
    rules = HeaderRules(RESOURCES[held.resource], held.column_mapping)
    unknown = ((), (), (UnknownWord("status", "paused", 1),), ())
    shown = InspectedSource(held, description, columns_of(rules, [one.header for one in columns]), unknown)
    return enveloped(message, render_source(shown), f"/v1/imports/{IMPORT_ID}/source")


def page_of_imports() -> Json:
    """Returns a page of imports."""
    return enveloped("Imports retrieved.", [ended_import()["data"]], "/v1/imports", pagination=render_page(1, 10, 1))


def page_of_rows() -> Json:
    """Returns a page with a row that updated a record, and one that failed."""
    updated = RowOutcome(1, 2, Outcome.UPDATED, RecordId("cus_0v6d1m4q8r2t5w7y9z3b"))
    updated.changes = RecordChanges({"phone": ("+12125550100", "+12125550199")})
    wrong = Problem(ProblemCode.INVALID_EMAIL, 2, 3, "email", "han@", {})
    rows = [
        ListedRow(1, 2, {"E-Mail": "kylo@example.com", "Phone": "+1 212 555 0199"}, updated),
        ListedRow(
            2,
            3,
            {"E-Mail": "han@", "Phone": ""},
            RowOutcome(2, 3, Outcome.FAILED, problems=[wrong]),
            {"email": "E-Mail"},
        ),
    ]
    data = [render_row(row) for row in rows]
    path = f"/v1/imports/{IMPORT_ID}/rows"
    return enveloped("Rows retrieved.", data, path, pagination=render_cursor_page(100, None))


def _done(phase: PhaseProgress) -> PhaseProgress:
    return replace(
        phase,
        status=PhaseStatus.COMPLETED,
        total=100,
        processed=100,
        success=97,
        error=3,
        started_at=AT + 1,
        ended_at=AT + 3,
    )
