"""Import sessions in memory, as `stores.interfaces.import_sessions` promises."""

from threading import Lock

from chalicelib.model.import_sessions import ImportSession, ImportSessionId


class MemoryImportSessions:
    """Keeps the promises of `stores.interfaces.ImportSessions`."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._sessions: dict[ImportSessionId, ImportSession] = {}

    def add(self, session: ImportSession) -> bool:
        """Does what `ImportSessions.add` promises."""
        with self._lock:
            return self._sessions.setdefault(session.session_id, session) is session

    def find(self, session_id: ImportSessionId) -> ImportSession | None:
        """Does what `ImportSessions.find` promises."""
        with self._lock:
            return self._sessions.get(session_id)

    def replace(self, session: ImportSession) -> bool:
        """Does what `ImportSessions.replace` promises."""
        with self._lock:
            stored = self._sessions.get(session.session_id)
            if stored is None or stored.version != session.version - 1:
                return False
            self._sessions[session.session_id] = session
            return True
