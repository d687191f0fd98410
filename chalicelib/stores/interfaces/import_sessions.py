"""The sessions in which people without a key import."""

from typing import Protocol

from chalicelib.model.import_sessions import ImportSession, ImportSessionId


class ImportSessions(Protocol):
    """The import sessions by their id, which is known before their tenant is: a credential names it."""

    def add(self, session: ImportSession) -> bool:
        """Stores a new session. Returns False, and changes nothing, if the id is known."""

    def find(self, session_id: ImportSessionId) -> ImportSession | None:
        """Returns the session, strongly consistent, or None. One that has ended is found for 30 days, so that whoever
        comes back with it can be told that it has.
        """

    def replace(self, session: ImportSession) -> bool:
        """Stores a session in the place of the version before its own. Returns False, and changes nothing, if another
        version is stored: of any number that ask at once exactly one is told True.
        """
