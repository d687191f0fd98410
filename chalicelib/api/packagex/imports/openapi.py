"""What imports tell of their routes in the OpenAPI document. Examples are rendered as real answers are."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from chalicelib.api.openapi.operation import (
    FeatureDescription,
    Json,
    Operation,
    PathParameter,
    Success,
)
from chalicelib.api.openapi.refusal_examples import SOURCE, too_large
from chalicelib.api.packagex.imports import requests, routes, schemas, source_schemas
from chalicelib.api.packagex.imports.data_url import LARGER
from chalicelib.api.packagex.imports.openapi_examples import (
    CHILD_ID,
    DELETED,
    IMPORT_ID,
    confirmed_import,
    ended_import,
    inspected_source,
    page_of_imports,
    page_of_rows,
    retried_import,
    undo_of_an_import,
    waiting_import,
)
from chalicelib.api.packagex.imports.retry_requests import PackageXRetryRequest
from chalicelib.api.packagex.imports.row_requests import PackageXRowsQuery
from chalicelib.api.packagex.imports.source_requests import PackageXSourceBeginning
from chalicelib.api.packagex.openapi_examples import enveloped, location

_ASYNC: Json = {"upload_mode": "async", "resource": "customers", "action": "merge", "duplicate_handling": "use_first"}
_CREATIONS = {
    "signed upload": _ASYNC | {"name": "Customers, spring", "filename": "customers.csv", "content_type": "text/csv"},
    "records": {
        "upload_mode": "sync",
        "resource": "contact",
        "action": "merge",
        "data": [{"name": "Kylo Ren", "email": "kylo@example.com"}, {"name": "Han Solo", "email": "han@example.com"}],
    },
    "data URL": {
        "upload_mode": "sync",
        "resource": "contact",
        "action": "create",
        "data": "data:text/csv;base64,bmFtZSxlbWFpbApLeWxvIFJlbixreWxvQGV4YW1wbGUuY29tCg==",
    },
    "upload in parts": _ASYNC | {"filename": "customers.csv", "size_bytes": 40_000_000, "parts": True},
    "preview": _ASYNC | {"action": "overwrite", "preview": True},
    "guard rails": _ASYNC | {"action": "overwrite", "max_failed": "5%", "max_deleted": 100},
    "held": _ASYNC | {"hold": True},
    "with a profile": _ASYNC | {"profile": "weekly-customers"},
    "matching and merging": _ASYNC
    | {
        "match_by": ["external_id", "email"],
        "merge_rules": {"status": "if_empty", "tags": "append", "notes": "append_line", "email": "never"},
    },
    "companies that are missing": {
        "upload_mode": "sync",
        "resource": "contact",
        "action": "merge",
        "create_missing": ["company_name"],
        "data": [{"name": "Kylo Ren", "email": "kylo@example.com", "company_name": "First Order"}],
    },
    "own headers": _ASYNC
    | {"column_mapping": {"email": "E-Mail Address"}, "reading": {"delimiter": ";", "encoding": "windows-1252"}},
}


def _child(text: str, examples: Mapping[str, Json]) -> Success:
    """How an import succeeds that is made of another one."""
    return Success(
        text=text,
        status=HTTPStatus.CREATED,
        schema=schemas.PackageXImportAnswer,
        examples=examples,
        headers=location(f"/v1/imports/{CHILD_ID}"),
    )


_OPERATIONS: Mapping[Any, Operation] = {
    routes.create_import: Operation(
        summary="Create an import",
        text="`async`: PUT the file to `_upload_url` before `_upload_expires_at`; the import waits for 24 hours, and "
        "has a fresh URL whenever it is shown. A file of more than 5 GB, and up to 100, is sent in parts: `parts` and "
        "its size give `_upload_parts` instead, each to be PUT to a URL of its own; then say `uploaded`. `sync`: the "
        "data comes along, and the answer comes when prevalidation and preparsing are done, with what was found until "
        "then; the other five phases follow.",
        body=requests.PackageXImportRequest,
        bodies=_CREATIONS,
        successes=[
            Success(
                text="The import.",
                status=HTTPStatus.CREATED,
                headers=location(f"/v1/imports/{IMPORT_ID}"),
                schema=schemas.PackageXImportAnswer,
                examples={"signed upload": waiting_import(), "records": ended_import()},
            )
        ],
        refusals=("unknown_resource", *SOURCE, "already_ended", "profile_not_found"),
    ),
    routes.list_imports: Operation(
        summary="List imports",
        text="Newest first.",
        query=requests.PackageXImportsQuery,
        successes=[
            Success(text="A page.", schema=schemas.PackageXImportsAnswer, examples={"a page": page_of_imports()})
        ],
        refusals=("unknown_resource",),
    ),
    routes.show_import: Operation(
        summary="Show an import",
        text="Live while it runs. The flags add signed links to files, good for an hour.",
        query=requests.PackageXImportQuery,
        successes=[
            Success(
                text="The import.",
                schema=schemas.PackageXImportAnswer,
                examples={"ended": enveloped("Import retrieved.", ended_import()["data"], f"/v1/imports/{IMPORT_ID}")},
            )
        ],
        refusals=("import_not_found",),
    ),
    routes.list_import_rows: Operation(
        summary="List the rows of an import",
        text="With what became of each, in file order, of an import that has ended. By cursor; a page may hold fewer "
        "rows than the limit, even none, and still lead on: a request looks into 20,000 rows at most. "
        "The rows are kept for 21 days; then the answer is 410.",
        query=PackageXRowsQuery,
        successes=[Success(text="Rows.", schema=schemas.PackageXRowsAnswer, examples={"rows": page_of_rows()})],
        refusals=("import_not_found", "not_ended", "rows_expired", "invalid_cursor"),
    ),
    routes.show_import_source: Operation(
        summary="Show the source of an import",
        text="What the file looks like, by the options that the import has now: how it is read, its first rows, and of "
        "each column the field that it feeds, and those that it may. Of imports that are held, and of those that have "
        "ended. Delimited text, and what is small, is looked at by the request; all else when the file comes and when "
        "`reading` changes: until that is done the answer is 409.",
        successes=[
            Success(
                text="The source.", schema=source_schemas.PackageXSourceAnswer, examples={"a list": inspected_source()}
            )
        ],
        refusals=("import_not_found", "source_not_ready", "source_gone"),
    ),
    routes.show_beginning_of_source: Operation(
        summary="Look at the beginning of a source",
        text="What the file looks like by its first bytes, while it is on its way, and by the options that the import "
        "has now: what `GET` will show once it is here, as far as the beginning tells. Of text with a row a line; "
        "of anything where all of it comes along. Nothing is kept. Where the beginning does not tell, the answer is "
        "409: ask for the source once the file is here.",
        body=PackageXSourceBeginning,
        bodies={"a list": {"data": "data:text/csv;base64,S3VuZGU7RS1NYWlsCkt5bG8gUmVuO2t5bG9AZXhhbXBsZS5jb20K"}},
        successes=[
            Success(
                text="The source, as far as it is known.",
                schema=source_schemas.PackageXSourceAnswer,
                examples={"a list": inspected_source("Beginning of the source looked at.")},
            )
        ],
        refusals=("import_not_found", "source_not_ready", "too_large"),
    ),
    routes.update_import: Operation(
        summary="Change, let go, cancel, rename or confirm an import, or say that its file was sent",
        text="What is given is done: a status cancels or confirms, a name renames, and null takes the name away. A "
        "preview that has completed can be confirmed once, for 7 days: the answer is 201 with the import it becomes. "
        "With `strict`, rows fail whose record has changed since the preview. "
        "While an import is held, all its options can be stated anew, and `queued` lets it go. An import that was "
        "interrupted, or timed out, goes on by `queued` where it broke off, for 7 days; rows that are done stay done. "
        "`uploaded` says that the file was sent: parts become the file, and the import begins, or is held, before the "
        "answer. It may be said again.",
        body=requests.PackageXImportUpdate,
        bodies={
            "cancel": {"status": "canceled"},
            "rename": {"name": "Customers, second try"},
            "confirm": {"status": "confirmed"},
            "confirm strictly": {"status": "confirmed", "strict": True},
            "the file was sent": {"status": "uploaded"},
            "change what is held": {"column_mapping": {"email": "E-Mail Address"}, "preview": True},
            "let go, or go on": {"status": "queued"},
        },
        successes=[
            Success(
                text="The import.",
                schema=schemas.PackageXImportAnswer,
                examples={
                    "renamed": enveloped("Import updated.", waiting_import()["data"], f"/v1/imports/{IMPORT_ID}")
                },
            ),
            _child("The import that is made of the preview.", {"confirmed": confirmed_import()}),
        ],
        refusals=(
            "import_not_found",
            "already_ended",
            "not_ended",
            "not_confirmable",
            "already_confirmed",
            "preview_expired",
            "cannot_redrive",
            "import_busy",
            "upload_incomplete",
            "import_started",
            "file_missing",
        ),
    ),
    routes.undo_import: Operation(
        summary="Undo an import",
        text="Makes an import that brings each record back to what it was before: created ones are deleted, changed "
        "ones restored, deleted ones brought back. What was changed since is kept and counted as `kept`. Until "
        "`undo_until`, 7 days after the end of the import, whatever its status and the API it came through; again, as "
        "long as anything is left to reverse. `preview` only tells what would be done.",
        body=requests.PackageXUndoRequest,
        bodies={"undo": {}, "preview": {"preview": True}},
        successes=[_child("The undo.", {"undo": undo_of_an_import()})],
        refusals=(
            "import_not_found",
            "not_ended",
            "nothing_to_undo",
            "already_reverted",
            "undo_expired",
            "import_busy",
            "already_ended",
        ),
    ),
    routes.retry_import: Operation(
        summary="Try rows of an import again",
        text="Rows that failed, or were skipped or not processed, as they are or corrected. The answer is a new "
        "import, which keeps the numbers of the rows and leaves out what was mended before. It is made of the import "
        "that read the rows, also where one is asked that has tried them again. It never cleans up, and has no guard "
        "rails. A preview of it writes nothing, and is not confirmed: the same is asked for again without `preview`.",
        body=PackageXRetryRequest,
        bodies={
            "as they are": {},
            "corrected": {
                "rows": [
                    {"row_number": 2, "values": {"email": "han@example.com"}},
                    {"row_number": 7, "values": {"phone": None}},
                ]
            },
            "one row, to see what would happen": {
                "include": ["failed", "skipped"],
                "rows": [{"row_number": 2, "values": {"email": "han@example.com"}}],
                "only_given": True,
                "preview": True,
            },
        },
        successes=[_child("The import that tries them again.", {"corrected": retried_import()})],
        refusals=(
            "import_not_found",
            "not_ended",
            "not_retryable",
            "already_reverted",
            "nothing_to_retry",
            "too_many_retries",
            "import_busy",
            "rows_expired",
        ),
    ),
    routes.delete_import: Operation(
        summary="Delete an import",
        text="One that has ended, with its files; its records stay.",
        successes=[
            Success(
                text="It is gone.",
                schema=schemas.PackageXImportDeletionAnswer,
                examples={"deleted": enveloped("Import deleted.", DELETED, f"/v1/imports/{IMPORT_ID}")},
            )
        ],
        refusals=("import_not_found", "not_ended", "import_busy"),
    ),
}

FEATURE = FeatureDescription(
    routes=routes.ROUTES,
    operations=_OPERATIONS,
    path_parameters={"import_id": PathParameter("The import.", IMPORT_ID)},
    samples=(too_large("data", LARGER),),
)
"""What imports add to the description of PackageX."""
