"""Imports as PackageX shows them, with all fields of its model.

Times are epoch seconds (PackageX, imports model).
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from enum import Enum
from typing import Any, cast

from chalicelib.api.packagex import RESOURCE_WORDS, STATUS_WORDS
from chalicelib.api.packagex.imports.schemas import (
    PackageXColumn,
    PackageXFinding,
    PackageXImport,
    PackageXImportDetails,
    PackageXImportLinks,
    PackageXImportModel,
    PackageXImportProgress,
    PackageXPhase,
    PackageXRow,
    PackageXRowProblem,
    PackageXStatedReading,
    PackageXStats,
    PackageXUndo,
    PackageXUploadPart,
)
from chalicelib.imports.downloads import PartLinks, UploadLink
from chalicelib.imports.row_reader import ListedRow
from chalicelib.imports.upload_parts import PartLink
from chalicelib.model.columns import SourceColumn
from chalicelib.model.guard_rails import Tolerance
from chalicelib.model.import_progress import ImportProgress, progress_of
from chalicelib.model.imports import Import, PhaseProgress, Stats, Status, UndoSummary
from chalicelib.model.object_keys import ResultFile
from chalicelib.model.problems import Problem
from chalicelib.model.reading_options import ReadingOptions
from chalicelib.model.rows import Outcome, RowOutcome
from chalicelib.schema.column_mapping import header_of


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportLinks:
    """Signed links to show with an import; None where there is none, or none was asked for."""

    upload: UploadLink | None = None
    parts: PartLinks | None = None
    """Of an import that waits for its file in parts."""
    files: Mapping[ResultFile, str | None] = field(default_factory=dict)


def render_import(import_: Import, links: ImportLinks, *, now: int | None = None) -> PackageXImport:
    """Returns an import with every field of PackageX's model, in its order; behind them stand those of our own: until
    when the file may be sent to this URL, what was found out, what was stated of its rows, and how far it has come
    `now`, in epoch seconds; None for when it was changed last.
    """
    return {
        **_render_model(import_),
        **_render_links(links),
        **_render_details(import_),
        "_upload_parts": [_render_part(one) for one in links.parts.links] if links.parts else None,
        "progress": _render_progress(progress_of(import_, import_.updated_at if now is None else now)),
    }


def _render_model(import_: Import) -> PackageXImportModel:
    return {
        "object": "import",
        "id": import_.import_id,
        "organization_id": import_.tenant_id,
        "resource": RESOURCE_WORDS.get(import_.resource, import_.resource),
        "upload_mode": import_.upload_mode.value,
        "action": import_.action.value,
        "status": STATUS_WORDS[import_.status],
        "duplicate_handling": import_.duplicate_handling.value,
        "reason": "canceled" if import_.status is Status.CANCELED else import_.reason,
        "has_upload_file": import_.has_upload_file,
        "has_errors_file": import_.has_errors_file,
        "name": import_.name,
        "created_by": import_.created_by,
        "column_mapping": render_mapping(import_.column_mapping),
        "phases": [_render_phase(phase) for phase in import_.phases],
        "stats": _render_stats(import_.stats),
        "created_at": import_.created_at,
        "updated_at": import_.updated_at,
        "updated_by": import_.updated_by,
        "checksum": (import_.source.checksum or None) if import_.source else None,
    }


def _render_links(links: ImportLinks) -> PackageXImportLinks:
    return {
        "_upload_url": links.upload.url if links.upload else None,
        "_upload_csv_url": links.files.get(ResultFile.UPLOAD_CSV),
        "_upload_json_url": links.files.get(ResultFile.UPLOAD_JSON),
        "_errors_csv_url": links.files.get(ResultFile.ERRORS_CSV),
        "_errors_json_url": links.files.get(ResultFile.ERRORS_JSON),
        "_succeeded_csv_url": links.files.get(ResultFile.SUCCEEDED_CSV),
        "_succeeded_json_url": links.files.get(ResultFile.SUCCEEDED_JSON),
        "_unprocessed_csv_url": links.files.get(ResultFile.UNPROCESSED_CSV),
        "_unprocessed_json_url": links.files.get(ResultFile.UNPROCESSED_JSON),
        "_upload_expires_at": _expires_at(links),
    }


def _render_details(import_: Import) -> PackageXImportDetails:
    return {
        "findings": [render_finding(problem) for problem in import_.all_findings],
        "columns": [render_column(column) for column in import_.columns],
        "problems": import_.problem_counts,
        "value_mapping": import_.value_mapping,
        "reading": render_reading(import_.reading),
        "match_by": list(import_.rules.match_by),
        "is_preview": import_.is_preview,
        "confirm_until": import_.confirm_until,
        "confirmed_as": import_.confirmed_as,
        "preview_of": import_.preview_of,
        "strict": import_.strict_since_ms is not None,
        "retry_of": import_.retry_of,
        "retries": list(import_.retries),
        "mended": import_.mended,
        "drift": import_.drift,
        "profile": {"id": import_.profile.profile_id, "version": import_.profile.version} if import_.profile else None,
        "undo_of": import_.undo_of,
        "undo_until": import_.undo_until,
        "undo": _render_undo(import_.undo),
        "reverted": import_.reverted_by is not None,
        "hold": import_.hold,
        "held": import_.is_held,
        "held_until": import_.held_until,
        "max_failed": render_tolerance(import_.guard_rails.max_failed),
        "max_deleted": render_tolerance(import_.guard_rails.max_deleted),
        "all_or_nothing": import_.guard_rails.all_or_nothing,
        "create_missing": list(import_.rules.create_missing),
        "merge_rules": {name: rule.value for name, rule in import_.rules.merge_rules.items()},
    }


def render_plain(value: Any) -> Any:
    """Returns a value as JSON has it."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, tuple):
        return [render_plain(one) for one in value]
    return {name: render_plain(one) for name, one in value.items()} if isinstance(value, dict) else value


def render_reading(reading: ReadingOptions) -> PackageXStatedReading:
    """Returns how a source is to be read, as far as it is stated."""
    stated = {name: render_plain(value) for name, value in asdict(reading).items() if value not in (None, ())}
    return cast(PackageXStatedReading, stated)


def _render_progress(progress: ImportProgress) -> PackageXImportProgress:
    return {
        "percent": progress.percent,
        "rows_per_second": progress.rows_per_second,
        "remaining_s": progress.remaining_s,
    }


def _render_undo(undo: UndoSummary | None) -> PackageXUndo | None:
    if undo is None:
        return None
    return {
        "id": undo.import_id,
        "status": STATUS_WORDS[undo.status],
        "reversed": undo.reversed,
        "kept": undo.kept,
        "failed": undo.failed,
        "unprocessed": undo.unprocessed,
    }


def _expires_at(links: ImportLinks) -> int | None:
    waiting = links.upload or links.parts
    return waiting.expires_at if waiting else None


def _render_part(link: PartLink) -> PackageXUploadPart:
    received = link.received
    return {
        "number": link.part.number,
        "url": link.url,
        "from": link.part.start,
        "to": link.part.end,
        "received": {"size_bytes": received.size_bytes, "checksum": received.checksum.strip('"')} if received else None,
    }


def render_column(column: SourceColumn) -> PackageXColumn:
    """Returns a column of a source."""
    return {"header": column.header, "field": column.field, "why": column.why.value}


def render_row(row: ListedRow) -> PackageXRow:
    """Returns a row of an import that has ended."""
    outcome = row.outcome or RowOutcome(row.number, row.line, Outcome.UNPROCESSED)
    changes = outcome.changes
    return {
        "object": "row",
        "row_number": row.number,
        "line": row.line,
        "given": row.given,
        "outcome": outcome.outcome.value,
        "record_id": outcome.record_id,
        "problems": [_render_problem(problem, row.headers) for problem in outcome.problems],
        "changes": {name: {"from": before, "to": after} for name, (before, after) in changes.by_field.items()}
        if changes
        else None,
        "shortened": bool(changes and changes.is_shortened),
    }


def _render_problem(problem: Problem, headers: Mapping[str, str]) -> PackageXRowProblem:
    return {
        "code": problem.code.value,
        "severity": problem.severity.value,
        "field": problem.field,
        "header": header_of(problem, headers),
        "value": problem.value,
        "message": problem.message,
        "hint": problem.hint,
        "facts": dict(problem.facts),
    }


def render_finding(problem: Problem) -> PackageXFinding:
    """Returns a finding about the source as a whole."""
    return {
        "code": problem.code.value,
        "field": problem.field,
        "value": problem.value,
        "message": problem.message,
        "hint": problem.hint,
    }


def render_mapping(headers: Mapping[str, str]) -> dict[str, str | None]:
    """Returns header by field; null for a field that no column is to feed."""
    return {field: header or None for field, header in headers.items()}


def render_tolerance(tolerance: Tolerance | None) -> int | str | None:
    """As it was given: a number, or a part of all."""
    if tolerance is None:
        return None
    return str(tolerance) if tolerance.count is None else tolerance.count


def _render_phase(phase: PhaseProgress) -> PackageXPhase:
    return {
        "name": phase.name.value,
        "mode": phase.mode.value,
        "status": phase.status.value,
        "total": phase.total,
        "processed": phase.processed,
        "success": phase.success,
        "error": phase.error,
        "started_at": phase.started_at,
        "ended_at": phase.ended_at,
    }


def _render_stats(stats: Stats) -> PackageXStats:
    return {
        "total": stats.total,
        "created": stats.created,
        "updated": stats.updated,
        "unchanged": stats.unchanged,
        "deleted": stats.deleted,
        "overwritten": stats.overwritten,
        "skipped": stats.skipped,
        "failed": stats.failed,
        "unprocessed": stats.unprocessed,
        "created_references": dict(stats.created_references),
    }
