"""Task results in the control table: one partition for each phase of each attempt, and in it one item for each task."""

from functools import cache

import orjson
from pydantic import TypeAdapter

from chalicelib.model.ids import ImportId
from chalicelib.model.phases import PhaseName
from chalicelib.model.task_results import TaskResult
from chalicelib.stores.dynamodb.control_table import ControlTable
from chalicelib.stores.paging import Clock

KEPT_S = 30 * 24 * 3600
"""Longer than any import may be taken up again."""


class DynamoDBTaskResults:
    """Keeps the promises of `stores.interfaces.TaskResults`."""

    def __init__(self, table: ControlTable, *, clock: Clock) -> None:
        self._table = table
        self._clock = clock

    def put_once(self, import_id: ImportId, attempt: int, result: TaskResult) -> bool:
        """Does what `TaskResults.put_once` promises."""
        item = {
            "pk": _pk(import_id, attempt, result.phase),
            "sk": _sk(result.task),
            "doc": orjson.dumps(result).decode(),
            "expires_at": int(self._clock()) + KEPT_S,
        }
        return self._table.put(item, condition="attribute_not_exists(#pk)")

    def find_result(self, import_id: ImportId, attempt: int, phase: PhaseName, task: int) -> TaskResult | None:
        """Does what `TaskResults.find_result` promises."""
        item = self._table.find(_pk(import_id, attempt, phase), _sk(task))
        return _adapter().validate_json(item["doc"]) if item else None

    def list_results(self, import_id: ImportId, attempt: int, phase: PhaseName) -> list[TaskResult]:
        """Does what `TaskResults.list_results` promises."""
        items = self._table.each_of(_pk(import_id, attempt, phase))
        return [_adapter().validate_json(item["doc"]) for item in items]


def _pk(import_id: ImportId, attempt: int, phase: PhaseName) -> str:
    return f"RESULT#{import_id}#{attempt}#{phase}"


def _sk(task: int) -> str:
    return f"{task:010d}"


@cache
def _adapter() -> TypeAdapter[TaskResult]:
    return TypeAdapter(TaskResult)
