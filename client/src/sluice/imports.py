"""Imports: create, send, follow, look at rows, confirm, cancel, mend, undo.

`Import` and `AsyncImport` are one import as it was when it was asked for, with what can be done with it; `Imports` and
`AsyncImports` are all of them, the `imports` of a client.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar, Unpack, cast

from sluice.downloads import saved
from sluice.errors import Conflict, ImportStopped, RowsFailed
from sluice.import_options import ImportOptions
from sluice.models.imports import ImportFields, MappingSuggestion, Row, SourceDescription
from sluice.operations import Async, Sync, listing, operation
from sluice.pages import Pages, cursor_pages, numbered_pages
from sluice.polling import polled
from sluice.session import Session, below, bound
from sluice.transport import Flow, Pause
from sluice.uploads import Source, SourceFile, send_parts, send_whole, source_file, takes_no_file

H = TypeVar("H", bound="ImportFields")

NOT_READY_S = 0.4
"""The pause between two questions what a source looks like."""
_ACTION, _DUPLICATES = {"action": "merge"}, {"duplicate_handling": "use_first"}
"""What an import does unless its options, or for duplicates its profile, say otherwise."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an import has come: first its file is sent, then its phases run."""

    bytes_sent: int = 0
    bytes_total: int = 0
    state: ImportFields | None = None
    """The import as it was last seen; None while its file is sent."""


OnProgress = Callable[[Progress], None]


class _ImportOperations(Generic[H]):
    """What can be done with one import."""

    _session: Session
    id: str

    @operation
    def refresh(self) -> Flow[H]:
        """Returns the import as it is now."""
        answer = yield from self._session.get(f"/v1/imports/{self.id}")
        return self._made(answer.data)

    @operation
    def send(self, source: Source, *, on_progress: OnProgress | None = None) -> Flow[None]:
        """Sends the file of an import that waits for it: the one that it was created for, byte for byte. Raises
        Conflict where it takes none any more, and SourceUnreadable."""
        with source_file(source) as file:
            answer = yield from self._session.get(f"/v1/imports/{self.id}", parts="1-1")
            yield from _sent(self._session, file, answer.data, on_progress)

    @operation
    def wait(self, *, timeout_s: float | None = None, on_progress: OnProgress | None = None) -> Flow[H]:
        """Returns the import once it has ended, whatever became of it, or is held. Raises WaitedTooLong."""
        ended = yield from _followed(self._session, self.id, timeout_s, on_progress)
        return self._made(ended)

    @listing
    def rows(
        self, *, outcome: str | None = None, code: str | None = None, field: str | None = None, limit: int = 500
    ) -> Pages[Row]:
        """Yields the rows of an import that has ended, lazily, in file order; `limit` is the size of a page."""
        path = f"/v1/imports/{self.id}/rows"
        return cursor_pages(self._session, path, Row.from_json, outcome=outcome, code=code, field=field, limit=limit)

    @operation
    def cancel(self) -> Flow[H]:
        """Cancels the import; rows that were written stay."""
        return (yield from self._change({"status": "canceled"}))

    @operation
    def rename(self, name: str | None) -> Flow[H]:
        """Gives the import a name, or takes it away."""
        return (yield from self._change({"name": name}))

    @operation
    def confirm(self, *, name: str | None = None, strict: bool = False) -> Flow[H]:
        """Makes the import that this preview was about, and returns it, just begun. `strict` fails rows whose record
        has changed since."""
        stated: dict[str, Any] = ({"name": name} if name else {}) | ({"strict": True} if strict else {})
        return (yield from self._change({"status": "confirmed", **stated}))

    @operation
    def source(self) -> Flow[SourceDescription]:
        """Returns what the file of an import looks like that is held or has ended, as soon as it has been looked at."""
        while True:
            try:
                answer = yield from self._session.get(f"/v1/imports/{self.id}/source")
            except Conflict as error:
                if error.code != "source_not_ready":
                    raise
                yield Pause(NOT_READY_S)
            else:
                return SourceDescription.from_json(answer.data)

    @operation
    def change(self, **options: Unpack[ImportOptions]) -> Flow[H]:
        """States options of an import anew that is held or waits for its file, and returns it."""
        return (yield from self._change(options))

    @operation
    def release(self, **options: Unpack[ImportOptions]) -> Flow[H]:
        """Lets go an import that is held, with these options stated anew, and returns it."""
        return (yield from self._change({"status": "queued", **options}))

    @operation
    def retry(
        self,
        rows: Mapping[int, Mapping[str, Any]] | None = None,
        *,
        include: Sequence[str] = ("failed",),
        only_given: bool = False,
        preview: bool = False,
    ) -> Flow[H]:
        """Makes an import that tries rows again, and returns it, just begun. `rows` are corrections, values by field by
        row number; None clears one. Of a row that could not be read as a row they are the whole row."""
        corrections = [{"row_number": number, "values": dict(values)} for number, values in (rows or {}).items()]
        body = {"include": list(include), "rows": corrections, "only_given": only_given, "preview": preview}
        answer = yield from self._session.post(f"/v1/imports/{self.id}/retry", body)
        return self._made(answer.data)

    @operation
    def undo(self, *, preview: bool = False) -> Flow[H]:
        """Makes the import that brings back what this one has changed, and returns it, just begun."""
        answer = yield from self._session.post(f"/v1/imports/{self.id}/undo", {"preview": preview} if preview else {})
        return self._made(answer.data)

    @operation
    def delete(self) -> Flow[None]:
        """Removes the import, which has ended, with its files; its records stay."""
        yield from self._session.delete(f"/v1/imports/{self.id}")

    @operation
    def download(self, path: str | Path, *, file: str = "errors_csv") -> Flow[Path]:
        """Writes a file of the import, such as `errors_csv` or `upload_json`, and returns its path. Raises NotFound
        where there is none."""
        answer = yield from self._session.get(f"/v1/imports/{self.id}", **{f"include_{file}": True})
        return (yield from saved(self._session, answer.data.get(f"_{file}_url"), Path(path)))

    def _change(self, body: Mapping[str, Any]) -> Flow[H]:
        answer = yield from self._session.post(f"/v1/imports/{self.id}", body)
        return self._made(answer.data)

    def _made(self, data: Mapping[str, Any]) -> H:
        return bound(cast(type[H], type(self)), self._session, data)

    def raise_for_rows(self) -> None:
        """Raises ImportStopped where the import did not complete, and RowsFailed where rows of it failed."""
        of = cast(ImportFields, self)
        if of.status != "completed":
            raise ImportStopped(of)
        if of.stats.failed:
            raise RowsFailed(of)


class Import(ImportFields, _ImportOperations["Import"], Sync):
    """An import as it was when it was asked for, and what can be done with it."""


class AsyncImport(ImportFields, _ImportOperations["AsyncImport"], Async):
    """The same for programs that await."""


class _ImportsOperations(Generic[H]):
    """What can be done with imports."""

    _session: Session
    _kind: type[H]

    @operation
    def create(self, source: Source, *, resource: str, **options: Unpack[ImportOptions]) -> Flow[H]:
        """Creates an import for a file without sending it, and returns it: it waits for `send`. Raises
        SourceUnreadable."""
        with source_file(source, options.get("filename")) as file:
            return self._made((yield from self._created(file, resource, options)))

    @operation
    def start(
        self,
        source: Source,
        *,
        resource: str,
        on_progress: OnProgress | None = None,
        **options: Unpack[ImportOptions],
    ) -> Flow[H]:
        """Creates an import, sends its file, and returns it, just begun. Rows are merged, and of equal rows the first
        is kept, unless the options say otherwise. Raises SourceUnreadable."""
        return self._made((yield from self._started(source, resource, on_progress, options)))

    @operation
    def run(
        self,
        source: Source,
        *,
        resource: str,
        timeout_s: float | None = None,
        on_progress: OnProgress | None = None,
        **options: Unpack[ImportOptions],
    ) -> Flow[H]:
        """Imports a file to the end. Rows that fail raise nothing: see `stats`, and `raise_for_rows`. Raises
        ImportStopped where it did not complete, SourceUnreadable and WaitedTooLong."""
        begun = yield from self._started(source, resource, on_progress, options)
        return self._completed((yield from _followed(self._session, begun["id"], timeout_s, on_progress)))

    @operation
    def preview(
        self,
        source: Source,
        *,
        resource: str,
        timeout_s: float | None = None,
        on_progress: OnProgress | None = None,
        **options: Unpack[ImportOptions],
    ) -> Flow[H]:
        """Rehearses an import to the end; no record is written until what it returns is confirmed. Raises what `run`
        does."""
        rehearsed: ImportOptions = {**options, "preview": True}
        begun = yield from self._started(source, resource, on_progress, rehearsed)
        return self._completed((yield from _followed(self._session, begun["id"], timeout_s, on_progress)))

    @operation
    def get(self, import_id: str) -> Flow[H]:
        """Returns an import."""
        answer = yield from self._session.get(below("/v1/imports", import_id))
        return self._made(answer.data)

    @listing
    def each(
        self,
        *,
        resource: str | None = None,
        status: str | None = None,
        action: str | None = None,
        limit: int = 100,
    ) -> Pages[H]:
        """Yields imports, the newest first, lazily; `limit` is the size of a page."""
        return numbered_pages(
            self._session, "/v1/imports", self._made, resource=resource, status=status, action=action, limit=limit
        )

    @operation
    def suggest(
        self, *, resource: str, headers: Sequence[str], samples: Sequence[Sequence[object]] = ()
    ) -> Flow[MappingSuggestion]:
        """Returns which column should feed which field; `samples` are the first rows below the headers, at most 20."""
        body = {"resource": resource, "headers": list(headers), "samples": [list(row) for row in samples]}
        answer = yield from self._session.post("/v1/mapping-suggestions", body)
        return MappingSuggestion.from_json(answer.data)

    def _started(
        self, source: Source, resource: str, on_progress: OnProgress | None, options: ImportOptions
    ) -> Flow[Mapping[str, Any]]:
        with source_file(source, options.get("filename")) as file:
            created = yield from self._created(file, resource, options)
            yield from _sent(self._session, file, created, on_progress)
        return created

    def _created(self, file: SourceFile, resource: str, options: ImportOptions) -> Flow[Mapping[str, Any]]:
        upload: dict[str, Any] = {"filename": file.name, "content_type": file.content_type}
        upload |= {"size_bytes": file.size_bytes} | (
            {"parts": True} if file.size_bytes >= self._session.parts_from_bytes else {}
        )
        usual = _ACTION if options.get("profile") else _ACTION | _DUPLICATES
        body = {"upload_mode": "async", "resource": resource, **usual, **options, **upload}
        answer = yield from self._session.post("/v1/imports", body)
        created: Mapping[str, Any] = answer.data
        return created

    def _completed(self, data: Mapping[str, Any]) -> H:
        ended = self._made(data)
        if ended.status != "completed":
            raise ImportStopped(ended)
        return ended

    def _made(self, data: Mapping[str, Any]) -> H:
        return bound(self._kind, self._session, data)


class Imports(_ImportsOperations[Import], Sync):
    """The imports of a tenant."""

    def __init__(self, session: Session) -> None:
        self._session, self._kind = session, Import


class AsyncImports(_ImportsOperations[AsyncImport], Async):
    """The same for programs that await."""

    def __init__(self, session: Session) -> None:
        self._session, self._kind = session, AsyncImport


def _followed(
    session: Session, import_id: str, timeout_s: float | None, on_progress: OnProgress | None
) -> Flow[Mapping[str, Any]]:
    def has_ended(data: Mapping[str, Any]) -> bool:
        state = ImportFields.from_json(data)
        if on_progress:
            on_progress(Progress(state=state))
        return state.has_ended or state.held

    return (yield from polled(session, f"/v1/imports/{import_id}", has_ended, timeout_s))


def _sent(session: Session, file: SourceFile, created: Mapping[str, Any], on_progress: OnProgress | None) -> Flow[None]:
    def on_sent(sent: int, total: int) -> None:
        if on_progress:
            on_progress(Progress(sent, total))

    if created.get("_upload_parts"):
        yield from send_parts(session, file, str(created["id"]), on_sent)
    elif created.get("_upload_url"):
        yield from send_whole(session, file, str(created["_upload_url"]), on_sent)
    else:
        raise takes_no_file()
