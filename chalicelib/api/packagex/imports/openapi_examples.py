"""Examples of answers about imports, rendered as real answers are."""

from dataclasses import replace

from chalicelib.api.openapi.operation import Json
from chalicelib.api.openapi.refusal_examples import AT
from chalicelib.api.packagex.envelope import render_page
from chalicelib.api.packagex.imports.responses import ImportLinks, render_import
from chalicelib.api.packagex.openapi_examples import enveloped
from chalicelib.model.ids import ImportId, TenantId
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

IMPORT_ID = "imp_0s3kq8mzt1v6b4yx9c2n"
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
    links = ImportLinks(upload=f"{_FILES}/uploads/{IMPORT_ID}/source?X-Amz-Signature=…")
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


def page_of_imports() -> Json:
    """Returns a page of imports."""
    return enveloped("Imports retrieved.", [ended_import()["data"]], "/v1/imports", pagination=render_page(1, 10, 1))


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
