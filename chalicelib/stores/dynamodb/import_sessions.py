"""Import sessions in the control table, as `stores.interfaces.import_sessions` promises.

| item | pk | sk | beside |
|---|---|---|---|
| session | SESSION#id | - | doc, version; DynamoDB deletes it 30 days after its end |
"""

from functools import cache

from pydantic import TypeAdapter

from chalicelib.model.import_sessions import ImportSession, ImportSessionId
from chalicelib.stores.dynamodb.attributes import ItemValues
from chalicelib.stores.dynamodb.control_table import ControlTable

SESSION_KEPT_S = 30 * 24 * 3600
"""How long a session is remembered beyond its end: who comes back with it is told that it has ended."""


class DynamoDBImportSessions:
    """Keeps the promises of `stores.interfaces.ImportSessions`."""

    def __init__(self, table: ControlTable) -> None:
        self._table = table

    def add(self, session: ImportSession) -> bool:
        """Does what `ImportSessions.add` promises."""
        return self._table.put(_item_of(session), condition="attribute_not_exists(#pk)")

    def find(self, session_id: ImportSessionId) -> ImportSession | None:
        """Does what `ImportSessions.find` promises."""
        item = self._table.find(_pk(session_id))
        return _sessions().validate_json(item["doc"]) if item else None

    def replace(self, session: ImportSession) -> bool:
        """Does what `ImportSessions.replace` promises."""
        parameters = {"before": session.version - 1}
        return self._table.put(_item_of(session), condition="#version = :before", parameters=parameters)


def _item_of(session: ImportSession) -> ItemValues:
    doc = _sessions().dump_json(session).decode()
    expires_at = session.expires_at + SESSION_KEPT_S
    return {"pk": _pk(session.session_id), "sk": "-", "doc": doc, "version": session.version, "expires_at": expires_at}


def _pk(session_id: ImportSessionId) -> str:
    return f"SESSION#{session_id}"


@cache
def _sessions() -> TypeAdapter[ImportSession]:
    return TypeAdapter(ImportSession)
