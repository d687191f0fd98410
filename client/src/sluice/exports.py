"""Exports: ask for one, wait, fetch its files.

`Export` and `AsyncExport` are one export as it was when it was asked for, with what can be done with it; `Exports` and
`AsyncExports` are all of them, the `exports` of a client.
"""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Generic, TypedDict, TypeVar, Unpack, cast

from sluice.downloads import saved
from sluice.errors import ExportStopped
from sluice.models.exports import ExportFields
from sluice.operations import Async, Sync, listing, operation
from sluice.pages import Pages, numbered_pages
from sluice.polling import polled
from sluice.session import Session, below, bound
from sluice.transport import Bytes, Flow, ignore_bytes

E = TypeVar("E", bound=ExportFields)
OnExport = Callable[[ExportFields], None]
"""Is told how an export stands while somebody waits for it."""


class ExportOptions(TypedDict, total=False):
    """What may be said of an export beside its resource; docs/exports.md tells what each means."""

    name: str
    format: str
    formats: Sequence[str]
    fields: Sequence[str]
    options: Mapping[str, Any]
    csv_field_options: Mapping[str, Any]
    gzip: bool
    since: str | int


class _ExportOperations(Generic[E]):
    """What can be done with one export."""

    _session: Session
    id: str

    @operation
    def refresh(self) -> Flow[E]:
        """Returns the export as it is now."""
        answer = yield from self._session.get(f"/v1/exports/{self.id}")
        return self._made(answer.data)

    @operation
    def wait(self, *, timeout_s: float | None = None, on_progress: OnExport | None = None) -> Flow[E]:
        """Returns the export once it has ended, whatever became of it; `on_progress` is told how it stands meanwhile.
        Raises WaitedTooLong."""
        return self._made((yield from _followed(self._session, self.id, timeout_s, on_progress)))

    @operation
    def download(self, path: str | Path, *, format: str, on_bytes: Bytes = ignore_bytes) -> Flow[Path]:
        """Writes the file of a format, or the `manifest`, to a path, and returns that. Raises NotFound."""
        answer = yield from self._session.get(f"/v1/exports/{self.id}", **{f"include_{format}": True})
        return (yield from saved(self._session, answer.data.get(f"_{format}_url"), Path(path), on_bytes))

    @operation
    def cancel(self) -> Flow[E]:
        """Cancels the export."""
        return (yield from self._change({"status": "canceled"}))

    @operation
    def rename(self, name: str | None) -> Flow[E]:
        """Gives the export a name, or takes it away."""
        return (yield from self._change({"name": name}))

    @operation
    def delete(self) -> Flow[None]:
        """Removes the export, which has ended, with its files."""
        yield from self._session.delete(f"/v1/exports/{self.id}")

    def _change(self, body: Mapping[str, Any]) -> Flow[E]:
        answer = yield from self._session.post(f"/v1/exports/{self.id}", body)
        return self._made(answer.data)

    def _made(self, data: Mapping[str, Any]) -> E:
        return bound(cast(type[E], type(self)), self._session, data)


class Export(ExportFields, _ExportOperations["Export"], Sync):
    """An export as it was when it was asked for, and what can be done with it."""


class AsyncExport(ExportFields, _ExportOperations["AsyncExport"], Async):
    """The same for programs that await."""


class _ExportsOperations(Generic[E]):
    """What can be done with exports."""

    _session: Session
    _kind: type[E]

    @operation
    def start(self, resource: str, **options: Unpack[ExportOptions]) -> Flow[E]:
        """Asks for an export and returns it, just begun."""
        answer = yield from self._session.post("/v1/exports", {"resource": resource, **options})
        return self._made(answer.data)

    @operation
    def run(
        self,
        resource: str,
        *,
        timeout_s: float | None = None,
        on_progress: OnExport | None = None,
        **options: Unpack[ExportOptions],
    ) -> Flow[E]:
        """Exports to the end; then its files can be downloaded. Raises ExportStopped and WaitedTooLong."""
        answer = yield from self._session.post("/v1/exports", {"resource": resource, **options})
        ended = self._made((yield from _followed(self._session, answer.data["id"], timeout_s, on_progress)))
        if ended.status != "completed":
            raise ExportStopped(ended)
        return ended

    @operation
    def get(self, export_id: str) -> Flow[E]:
        """Returns an export."""
        answer = yield from self._session.get(below("/v1/exports", export_id))
        return self._made(answer.data)

    @listing
    def each(self, *, resource: str | None = None, status: str | None = None, limit: int = 100) -> Pages[E]:
        """Yields exports, the newest first, lazily; `limit` is the size of a page."""
        return numbered_pages(self._session, "/v1/exports", self._made, resource=resource, status=status, limit=limit)

    def _made(self, data: Mapping[str, Any]) -> E:
        return bound(self._kind, self._session, data)


class Exports(_ExportsOperations[Export], Sync):
    """The exports of a tenant."""

    def __init__(self, session: Session) -> None:
        self._session, self._kind = session, Export


class AsyncExports(_ExportsOperations[AsyncExport], Async):
    """The same for programs that await."""

    def __init__(self, session: Session) -> None:
        self._session, self._kind = session, AsyncExport


def _followed(
    session: Session, export_id: str, timeout_s: float | None, on_progress: OnExport | None
) -> Flow[Mapping[str, Any]]:
    def has_ended(data: Mapping[str, Any]) -> bool:
        state = ExportFields.from_json(data)
        if on_progress:
            on_progress(state)
        return state.has_ended

    return (yield from polled(session, f"/v1/exports/{export_id}", has_ended, timeout_s))
