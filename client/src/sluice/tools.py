"""What an assistant may do: the operations of the library as tools, each a function of plain values.

Nothing is imported that was not rehearsed, and nothing is deleted or undone without an argument that says so. Files are
named by their paths inside one folder. What comes back are plain objects without links; errors are `SluiceError`s whose
text says what to do next. `sluice.mcp_server` offers them over the Model Context Protocol.
"""

from collections.abc import Mapping
from itertools import islice
from pathlib import Path
from typing import Any, Literal

from sluice.client import Sluice
from sluice.errors import SluiceError, WaitedTooLong
from sluice.exports import ExportOptions
from sluice.import_options import ImportOptions
from sluice.imports import Import
from sluice.models.imports import Row

Answer = dict[str, Any]
Action = Literal["merge", "create", "update", "overwrite", "delete"]
Format = Literal["csv", "json", "xlsx"]

WAIT_S = 45.0
"""How long a tool waits for an end before it answers that the job goes on: assistants give up after a minute."""
MOST_DELETED = "10%"
"""What an overwrite or a delete may delete unless more is asked for, as `sluice import` has it."""
MOST_ROWS = 200
"""Rows and records that one answer shows at most."""
_DELETING = frozenset({"overwrite", "delete"})
_FIELDS = (
    *("id", "resource", "action", "status", "reason", "name", "stats", "problems", "findings", "columns", "progress"),
    *("is_preview", "confirm_until", "held", "held_until", "preview_of", "retry_of", "undo_of", "undo_until", "undo"),
    *("mended", "reverted", "created_at"),
)


class NotDone(SluiceError):
    """A tool was asked for something that it does not do so; the text says how it does it."""


class Tools:
    """The tools, for one tenant and one folder."""

    def __init__(self, client: Sluice, root: Path) -> None:
        self._client = client
        self._root = root.resolve()

    def list_resources(self, resource: str | None = None) -> Answer:
        """List the kinds of records there are; with `resource`, show the fields of one of them, and by which of
        them its records are recognised."""
        if resource is None:
            return {"resources": [{"name": one.plural, "identities": one.identities} for one in self._resources()]}
        raw = self._client.resources.get(resource).raw
        return {name: value for name, value in raw.items() if name != "templates"}

    def suggest_mapping(self, file: str, resource: str) -> Answer:
        """Send a file without importing it, and show what it looks like: its first rows, and which column should feed
        which field. Nothing is written. Go on with preview_import, by the `import_id` that comes back."""
        path = self._existing(file)
        held = self._client.imports.start(path, resource=resource, hold=True).wait(timeout_s=WAIT_S)
        source = held.source()
        if source.fault:
            held.cancel()
            raise NotDone(f"{file} cannot be read: {source.fault.message}")
        shown = ("format", "encoding", "delimiter", "sheet", "header_row", "columns", "rows", "missing", "findings")
        return {
            "import_id": held.id,
            "column_mapping": dict(source.column_mapping),
            **{name: source.raw.get(name) for name in shown},
        }

    def preview_import(
        self,
        import_id: str,
        column_mapping: dict[str, str | None] | None = None,
        action: Action = "merge",
        match_by: list[str] | None = None,
        max_deleted: int | str = MOST_DELETED,
    ) -> Answer:
        """Rehearse an import whose file was sent by suggest_mapping: what each row would do, and which are faulty.
        Nothing is written. `column_mapping` is header by field (null: no column feeds it); without it the
        suggested one. Show the counts to the person, and go on with confirm_import, by the `preview_id` that comes
        back."""
        held = self._client.imports.get(import_id)
        if not held.held:
            raise NotDone(f"{import_id} is {held.status} and not held: send its file again with suggest_mapping.")
        options: ImportOptions = {"action": action, "preview": True}
        options["column_mapping"] = dict(held.source().column_mapping if column_mapping is None else column_mapping)
        if match_by:
            options["match_by"] = match_by
        if action in _DELETING:
            options["max_deleted"] = max_deleted
        rehearsed = self._ended(held.release(**options))
        return {"preview_id": rehearsed.id, **_rendered(rehearsed), "faulty_rows": self._faulty(rehearsed)}

    def confirm_import(self, preview_id: str, confirm: bool, deletions: int | None = None) -> Answer:
        """Import what was rehearsed. `confirm` must be true, and only where a person has agreed to the counts of the
        preview. Of an overwrite or a delete, `deletions` must be how many records it would delete, as the preview has
        told."""
        rehearsed = self._client.imports.get(preview_id)
        counted = rehearsed.stats.deleted + rehearsed.stats.overwritten
        if not rehearsed.is_preview or not rehearsed.has_ended:
            raise NotDone(f"{preview_id} is no preview that has ended: rehearse first, with preview_import.")
        if not confirm:
            raise NotDone(
                "Nothing was imported: show the person the counts of the preview, and call with confirm true."
            )
        if rehearsed.action in _DELETING and deletions != counted:
            raise NotDone(
                f"Nothing was imported: {counted} records would be deleted. "
                f"If the person agrees to that, call with deletions {counted}."
            )
        imported = self._ended(rehearsed.confirm())
        return {"import_id": imported.id, **_rendered(imported)}

    def list_imports(self, limit: int = 20) -> Answer:
        """List imports, the newest first."""
        found = islice(self._client.imports.each(limit=_bounded(limit, 100)), _bounded(limit))
        return {"imports": [_rendered(one) for one in found]}

    def show_import(self, import_id: str) -> Answer:
        """Show an import, a preview or an undo as it is now."""
        return _rendered(self._client.imports.get(import_id))

    def list_rows(
        self,
        import_id: str,
        outcome: Literal["created", "updated", "unchanged", "deleted", "skipped", "failed"] = "failed",
        limit: int = 50,
    ) -> Answer:
        """List rows of an import or preview that has ended: what stood in them, what became of them, and why."""
        rows = self._client.imports.get(import_id).rows(outcome=outcome, limit=_bounded(limit))
        return {"rows": [_row(one) for one in islice(rows, _bounded(limit))]}

    def retry_rows(self, import_id: str, corrections: dict[str, dict[str, str | None]], confirm: bool) -> Answer:
        """Try the failed rows of an import again. `corrections` are the values to change, by field, by row number, as
        list_rows shows it; rows that are not named are tried as they are. `confirm` true writes; false rehearses."""
        numbered = {_row_number(number): values for number, values in corrections.items()}
        tried = self._ended(self._client.imports.get(import_id).retry(numbered, preview=not confirm))
        return _rendered(tried) | {"is_written": confirm}

    def undo_import(self, import_id: str, confirm: bool = False) -> Answer:
        """Take back what an import has changed. Without `confirm` nothing happens but a rehearsal, whose counts the
        person has to see and agree to first."""
        undone = self._ended(self._client.imports.get(import_id).undo(preview=not confirm))
        next_step = {} if confirm else {"next": "Nothing was undone. If the person agrees, call with confirm true."}
        return _rendered(undone) | next_step

    def find_records(self, resource: str, filters: dict[str, str] | None = None, limit: int = 20) -> Answer:
        """Look at what is stored: the records of a resource, or those whose fields have these values."""
        found = self._client.records.each(resource, limit=_bounded(limit, 100), **_fields(filters))
        return {"records": [dict(one.raw) for one in islice(found, _bounded(limit))]}

    def export_records(
        self, resource: str, file: str, format: Format = "csv", filters: dict[str, str] | None = None
    ) -> Answer:
        """Write the records of a resource, or those whose fields have these values, to a new file in the folder."""
        path = self._inside(file)
        if path.exists():
            raise NotDone(f"There is a file {file} already, and none is written over: choose another name.")
        if not path.parent.is_dir():
            raise NotDone(f"There is no folder {path.parent.relative_to(self._root)} in {self._root}.")
        options: ExportOptions = {"format": format} | ({"options": filters} if filters else {})  # type: ignore[assignment]  # a union of dicts
        export = self._client.exports.run(resource, timeout_s=WAIT_S, **options)
        export.download(path, format=format)
        return {"export_id": export.id, "file": str(path.relative_to(self._root)), "size_bytes": path.stat().st_size}

    def _resources(self) -> Any:
        return self._client.resources.list()

    def _ended(self, begun: Import) -> Import:
        try:
            return begun.wait(timeout_s=WAIT_S)
        except WaitedTooLong:
            return begun.refresh()

    def _faulty(self, rehearsed: Import) -> list[Answer]:
        return (
            [_row(one) for one in islice(rehearsed.rows(outcome="failed", limit=20), 20)] if rehearsed.has_ended else []
        )

    def _inside(self, file: str) -> Path:
        """Raises NotDone for what lies outside the folder, by whatever way."""
        if "\0" in file:
            raise NotDone("The name of a file cannot have a NUL in it.")
        path = (self._root / file).resolve()
        if not path.is_relative_to(self._root):
            raise NotDone(f"{file} is outside {self._root}: only files inside it can be used.")
        return path

    def _existing(self, file: str) -> Path:
        path = self._inside(file)
        if not path.is_file():
            raise NotDone(f"There is no file {file} in {self._root}.")
        return path


def _rendered(import_: Import) -> Answer:
    """Without links: whoever has one needs no key."""
    shown = {name: import_.raw.get(name) for name in _FIELDS if import_.raw.get(name) not in (None, [], {})}
    if not import_.has_ended and not import_.held:
        shown["next"] = "It goes on: ask again with show_import."
    return shown


def _row(row: Row) -> Answer:
    problems = [
        {"code": one.code, "field": one.field, "value": one.value, "message": one.message, "hint": one.hint}
        for one in row.problems
    ]
    return {"row_number": row.number, "outcome": row.outcome, "given": dict(row.given), "problems": problems}


def _bounded(limit: int, most: int = MOST_ROWS) -> int:
    return max(1, min(limit, most))


def _fields(filters: Mapping[str, str] | None) -> dict[str, str]:
    """Raises NotDone for what is an argument of the library and no field."""
    unknown = next((name for name in filters or {} if name in ("self", "resource", "limit")), None)
    if unknown:
        raise NotDone(f"There is no field {unknown}: list_resources shows those that there are.")
    return dict(filters or {})


def _row_number(given: str) -> int:
    if not given.isdecimal():
        raise NotDone(f"Corrections are by row number, as list_rows shows it; {given!r} is none.")
    return int(given)


READING = ("list_resources", "list_imports", "show_import", "list_rows", "find_records")
"""Tools that change nothing."""
SENDING = ("suggest_mapping", "preview_import", "export_records")
"""Tools that make something, a held import, a rehearsal, a file, and change no record."""
WRITING = ("confirm_import", "retry_rows", "undo_import")
"""Tools that change records."""


def each_tool(tools: Tools) -> Mapping[str, Any]:
    """Returns the tools by name."""
    return {name: getattr(tools, name) for name in (*READING, *SENDING, *WRITING)}
