"""Import sessions, in which somebody without a key imports in a page that embeds the importer."""

from collections.abc import Sequence
from typing import Required, TypedDict, Unpack

from sluice.models.import_sessions import ImportSession
from sluice.operations import Async, Sync, operation
from sluice.session import Session
from sluice.transport import Flow


class SessionOptions(TypedDict, total=False):
    """What may be said of a session; docs/importer.md tells what each means."""

    resource: Required[str]
    allow: Required[Sequence[str]]
    allow_origin: Required[str]
    profile: str
    expires_in: int
    """In seconds."""
    return_url: str
    locale: str


class _ImportSessionOperations:
    """What can be done with import sessions."""

    _session: Session

    @operation
    def create(self, **options: Unpack[SessionOptions]) -> Flow[ImportSession]:
        """Creates a session; its `importer_url` is shown this once, so that a lost answer is not asked for again."""
        answer = yield from self._session.post("/v1/import-sessions", dict(options), is_kept=False)
        return ImportSession.from_json(answer.data)


class ImportSessions(_ImportSessionOperations, Sync):
    """The import sessions of a tenant."""

    def __init__(self, session: Session) -> None:
        self._session = session


class AsyncImportSessions(_ImportSessionOperations, Async):
    """The same for programs that await."""

    def __init__(self, session: Session) -> None:
        self._session = session
