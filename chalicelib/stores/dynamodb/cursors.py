"""Cursors in the control table, as `stores.interfaces.Cursors` promises: an item for each, which stays."""

from chalicelib.stores.dynamodb.control_table import ControlTable


class DynamoDBCursors:
    """Keeps the promises of `stores.interfaces.Cursors`."""

    def __init__(self, table: ControlTable) -> None:
        self._table = table

    def find(self, name: str) -> str | None:
        """Does what `Cursors.find` promises."""
        item = self._table.find(_pk(name)) or {}
        return item.get("place")

    def move(self, name: str, *, before: str | None, to: str | None) -> bool:
        """Does what `Cursors.move` promises."""
        condition = "attribute_not_exists(#place)" if before is None else "#place = :before"
        parameters = {} if before is None else {"before": before}
        return self._table.set(_pk(name), {"place": to}, condition=condition, parameters=parameters) is not None


def _pk(name: str) -> str:
    return f"CURSOR#{name}"
