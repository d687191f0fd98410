"""The schemas of answers about imports, field by field. Renderers are typed by them, and the OpenAPI document is made
of them.

Times are epoch seconds (PackageX, imports model).
"""

from typing import Annotated, Any, Literal

from typing_extensions import TypedDict

from chalicelib.api.openapi.schema_words import one_of
from chalicelib.api.packagex import ACTIONS, DUPLICATE_HANDLINGS, RESOURCE_WORDS, STATUSES, UPLOAD_MODES
from chalicelib.api.packagex.schemas import CursorPage, NumberedPage, PackageXEnvelope
from chalicelib.formats import Format
from chalicelib.model.columns import ColumnReason
from chalicelib.model.imports import PhaseStatus
from chalicelib.model.notations import DateOrder, DecimalSign
from chalicelib.model.phases import PUBLIC_PHASES
from chalicelib.model.problem_codes import ProblemCode, Severity
from chalicelib.model.row_rules import MergeRule
from chalicelib.model.rows import Outcome


class PackageXPhase(TypedDict):
    """One of the seven phases of an import, with its counters."""

    name: Annotated[str, one_of(PUBLIC_PHASES)]
    mode: Annotated[str, one_of(UPLOAD_MODES)]
    status: Annotated[str, one_of(PhaseStatus)]
    total: int
    """Rows that entered; cleanup counts records. While prevalidation and cleanup run, it grows with `processed`."""
    processed: int
    """At most the total. Of a running phase, success and error come to less while rows are under way."""
    success: int
    """Rows that go on."""
    error: int
    """Rows that left here, failed or skipped."""
    started_at: int | None
    ended_at: int | None


class PackageXStats(TypedDict):
    """All but `overwritten` and `created_references` add up to the total."""

    total: int
    created: int
    updated: int
    unchanged: int
    deleted: int
    overwritten: int
    """Records that an overwrite removed because no row names them."""
    skipped: int
    failed: int
    unprocessed: int
    created_references: dict[str, int]
    """By resource, records that were created because rows name them (`create_missing`); they are no rows."""


class PackageXImportProgress(TypedDict):
    """How far an import has come. Lists show it as it was reported last."""

    percent: int
    """From 0 to 100, and 100 only when it has ended, however it ended. It never falls while the import runs."""
    rows_per_second: int | None
    """Rows of the running phase, of the last minute; null where none runs, and under 1 percent."""
    remaining_s: int | None
    """How many seconds it is likely to take still; null as the rate."""


class PackageXFinding(TypedDict):
    """Something to be said of the source as a whole."""

    code: Annotated[str, one_of(ProblemCode)]
    field: str | None
    value: str | None
    message: str
    hint: str


class PackageXUndo(TypedDict):
    """What an undo has come to, in records."""

    id: str
    """The undo, which is an import."""
    status: Annotated[str, one_of(STATUSES)]
    """processing until it has ended."""
    reversed: int
    """Brought back, restored or removed."""
    kept: int
    """Left as they are, since they were changed after the import."""
    failed: int
    unprocessed: int


class PackageXReceivedPart(TypedDict):
    """What was sent as a part of a file so far."""

    size_bytes: int
    checksum: str
    """The MD5 of its bytes in hexadecimal, unless the stack encrypts by a key of its own: then no part has it."""


PackageXUploadPart = TypedDict(
    "PackageXUploadPart", {"number": int, "url": str, "from": int, "to": int, "received": PackageXReceivedPart | None}
)
PackageXUploadPart.__doc__ = (
    "A part of a file: PUT the bytes `from` up to before `to`, counted from 0, to its URL. `received` is what has been "
    "sent so far; a part of the same size and checksum need not be sent again."
)


class PackageXColumn(TypedDict):
    """A column of the source, or a key of its JSON rows."""

    header: str
    field: str | None
    """The field that it feeds; null: none."""
    why: Annotated[str, one_of(ColumnReason)]
    """mapping: the column mapping says so. name, alias: its header is a name of the field. duplicate: another column
    feeds the field that its header means. protected: what the service sets itself. unknown: its header means no field.
    nameless: it has none."""


class PackageXCopiedProfile(TypedDict):
    """An import profile, as it was when its options were copied."""

    id: str
    version: int


class PackageXStatedReading(TypedDict, total=False):
    """How to read the source, as far as it is stated."""

    format: Annotated[str, one_of(Format)]
    delimiter: str
    quote: str
    encoding: str
    sheet: str
    header_row: int
    null_marker: str
    decimal: Annotated[str, one_of(DecimalSign)]
    date_order: Annotated[str, one_of(DateOrder)]
    time_zone: str
    list_separator: str
    true_words: list[str]
    false_words: list[str]


class PackageXImportModel(TypedDict):
    """An import as PackageX's model has it."""

    object: Literal["import"]
    id: str
    organization_id: str
    """The tenant."""
    resource: Annotated[str, one_of(RESOURCE_WORDS.values())]
    upload_mode: Annotated[str, one_of(UPLOAD_MODES)]
    action: Annotated[str, one_of(ACTIONS)]
    status: Annotated[str, one_of(STATUSES)]
    """A canceled import is failed with the reason canceled."""
    duplicate_handling: Annotated[str, one_of(DUPLICATE_HANDLINGS)]
    reason: str | None
    """Why it has failed."""
    has_upload_file: bool
    has_errors_file: bool
    name: str | None
    created_by: str
    """The key that asked for it."""
    column_mapping: dict[str, str | None]
    """Header by field; null: no column feeds it."""
    phases: list[PackageXPhase]
    """All seven, in order."""
    stats: PackageXStats
    created_at: int
    updated_at: int
    updated_by: str
    checksum: str | None
    """Entity tag of the uploaded file."""


class PackageXImportLinks(TypedDict):
    """Signed links to the files of an import; null where there is none, or none was asked for."""

    _upload_url: str | None
    """Where to PUT the file, while the import waits for it, which is 24 hours; signed anew in every answer."""
    _upload_csv_url: str | None
    _upload_json_url: str | None
    _errors_csv_url: str | None
    """The rejected rows with their problems."""
    _errors_json_url: str | None
    _succeeded_csv_url: str | None
    """The rows that were created, updated, deleted or left unchanged, with the ids of their records."""
    _succeeded_json_url: str | None
    _unprocessed_csv_url: str | None
    """The rows to which the import did not come; they can be uploaded again as rejected ones can."""
    _unprocessed_json_url: str | None
    _upload_expires_at: int | None
    """Until when this `_upload_url` is good, an hour at most; ask for the import again to get another."""


class PackageXImportDetails(TypedDict):
    """What is told of an import beside PackageX's model."""

    findings: list[PackageXFinding]
    columns: list[PackageXColumn]
    """The columns of the source in their order, the first 200, once it has been read."""
    problems: dict[str, int]
    """Problems of rows, counted by code."""
    value_mapping: dict[str, dict[str, str | bool]]
    """By field and word of the source, what the word means, as far as it was stated."""
    reading: PackageXStatedReading
    match_by: list[str]
    """The identities by which rows find their records; empty for all."""
    is_preview: bool
    """It writes no record; its stats are those of the import that it would be."""
    confirm_until: int | None
    """Until when a preview that has completed can be confirmed."""
    confirmed_as: str | None
    """The import that was made of the preview."""
    preview_of: str | None
    """The preview that it was made of."""
    strict: bool
    """Its rows fail where their record has changed since the preview."""
    retry_of: str | None
    """The import whose rows it tries again."""
    retries: list[str]
    """The imports that have tried its rows again, the oldest first."""
    mended: int
    """Rows that they brought to a good end: created, updated, deleted, or unchanged. The stats stay as they were."""
    drift: dict[str, int]
    """Rows that came to another outcome than the preview told, counted by both: created>updated."""
    profile: PackageXCopiedProfile | None
    """The import profile whose options it has copied."""
    undo_of: str | None
    """The import that it undoes."""
    undo_until: int | None
    """Until when it can be undone; null where it has changed no record, and before its end."""
    undo: PackageXUndo | None
    """What its last undo has come to."""
    reverted: bool
    """Whether everything that it had changed was reversed."""
    hold: bool
    """It waits, once its file is here, until it is let go."""
    held: bool
    """It waits so: its file is here, it reads this one and no other, and its options may be stated anew."""
    held_until: int | None
    """When it expires, or would have expired, unless it is let go."""
    max_failed: int | str | None
    """Rows that may fail before nothing is written: a number, or a part of all."""
    max_deleted: int | str | None
    """Records that may be deleted before nothing is written."""
    all_or_nothing: bool
    """Whether nothing is written, or all of it undone, if a row fails."""
    create_missing: list[str]
    """The fields that create the records they name."""
    merge_rules: dict[str, Annotated[str, one_of(MergeRule)]]
    """By field, what becomes of a stored value; fields without a rule take the given one."""


class PackageXImport(PackageXImportModel, PackageXImportLinks, PackageXImportDetails):
    """An import: what was asked for, where it stands, its phases, and what was found out about its rows."""

    _upload_parts: list[PackageXUploadPart] | None
    """Of an import that waits for its file in parts, those that were asked for, the first ten when it is created."""
    progress: PackageXImportProgress


class PackageXRowProblem(TypedDict):
    """A problem of one row."""

    code: Annotated[str, one_of(ProblemCode)]
    severity: Annotated[str, one_of(Severity)]
    """An error fails or skips the row; a warning lets it go on."""
    field: str | None
    """The field, or the header where no field is known."""
    header: str | None
    """The header under which it stands in the source; null: none."""
    value: str | None
    """As it was given, cut to 200 characters."""
    message: str
    hint: str
    facts: dict[str, str | int]
    """What the message speaks of: limits, choices, the number of another row."""


PackageXChange = TypedDict("PackageXChange", {"from": Any, "to": Any})
PackageXChange.__doc__ = "The value of a field before and after; null is none."


class PackageXRow(TypedDict):
    """A row of the source, and what became of it."""

    object: Literal["row"]
    row_number: int
    """Counts data rows from 1."""
    line: int
    """Of the file, on which the row begins."""
    given: dict[str, Any]
    """What stood in the row, by header."""
    outcome: Annotated[str, one_of(Outcome)]
    record_id: str | None
    problems: list[PackageXRowProblem]
    changes: dict[str, PackageXChange] | None
    """What the row changed, by field: of a created record all that it was made of. Null for other outcomes, and where
    the row was written by a task that died before it could tell."""
    shortened: bool
    """Whether values of `changes` end at 256 characters, or fields are left out, since a row's end at 4 KB."""


class PackageXDeletedImport(TypedDict):
    """The id of an import that was deleted."""

    object: Literal["import"]
    id: str
    deleted: Literal[True]


class PackageXImportAnswer(PackageXEnvelope):
    """The response about one import."""

    data: PackageXImport
    pagination: None


class PackageXImportsAnswer(PackageXEnvelope):
    """One page of imports, the newest first."""

    data: list[PackageXImport]
    pagination: NumberedPage


class PackageXRowsAnswer(PackageXEnvelope):
    """Rows of an import, in file order."""

    data: list[PackageXRow]
    """As many as the limit says, or fewer where they are long or others lay between them."""
    pagination: CursorPage


class PackageXImportDeletionAnswer(PackageXEnvelope):
    """The response to the deletion of an import."""

    data: PackageXDeletedImport
    pagination: None
