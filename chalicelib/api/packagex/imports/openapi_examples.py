"""PackageX's answers in the document: things that might have been, rendered as real ones are."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from http import HTTPStatus
from typing import Any

from chalicelib.api.openapi.operation import Json
from chalicelib.api.openapi.refusal_examples import AT
from chalicelib.api.packagex.imports.responses import (
    ImportLinks,
    envelope,
    render_cursor_page,
    render_import,
    render_page,
    render_record,
)
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
from chalicelib.model.records import Record
from chalicelib.model.rows import Fields

IMPORT_ID, RECORD_ID = "imp_0s3kq8mzt1v6b4yx9c2n", "con_7w2m5r8t0v3x6z9b1d4f"
DELETED: Json = {"object": "import", "id": IMPORT_ID, "deleted": True}

Body = Mapping[str, object]

_FIELDS: Fields = {"name": "Kylo Ren", "email": "kylo@example.com", "tags": ["vip"]}
RECORD: Json = dict(
    render_record(
        RESOURCES["contacts"],
        Record(
            record_id=RecordId(RECORD_ID),
            fields=_FIELDS,
            version=1,
            created_at=AT * 1000,
            updated_at=AT * 1000,
        ),
    )
)

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
    """An import that waits for its file."""
    links = ImportLinks(upload=f"{_FILES}/uploads/{IMPORT_ID}/source?X-Amz-Signature=…")
    return enveloped("Import created. PUT the file to _upload_url.", render_import(_IMPORT, links), "/v1/imports", 201)


def ended_import() -> Json:
    """One that has ended, with links to the rows it rejected."""
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


def page_of_imports() -> Json:
    return enveloped("Imports retrieved.", [ended_import()["data"]], "/v1/imports", pagination=render_page(1, 10, 1))


def page_of_records() -> Json:
    return enveloped("Records retrieved.", [RECORD], "/v1/records/contacts", pagination=render_cursor_page(25, None))


def enveloped(message: str, data: Body | Sequence[Body], endpoint: str, status: int = 200, **given: Any) -> Json:
    body: Json = envelope(HTTPStatus(status), message, data=data, endpoint=endpoint, **given).body
    return body


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
