"""The marks that the attempts of a task leave in the bucket, under the task's name and each attempt's own.

An attempt marks its start before it writes anything outside its work objects. One that ends without a result marks that
it is over, and with how much done if it hands the task over to another function. Which other records its rows are about
to write, it notes before it writes them.
"""

from dataclasses import dataclass
from itertools import count
from typing import Any

from chalicelib.imports.workspace.work_objects import WorkObjects
from chalicelib.model.ids import RecordId
from chalicelib.model.phases import PhaseName

_RETARGETED = f"{PhaseName.PROCESSING}/retargeted"


@dataclass(frozen=True, slots=True)
class AttemptMark:
    """What is known of one attempt."""

    attempt_id: str
    started_at: float
    """Epoch seconds; 0 for an attempt that is over."""
    progress: Any = None
    """How far it came, in the words of its phase, where it has handed over; None for any other."""


class TaskAttempts:
    """The attempts of tasks, as one of them sees and marks them."""

    def __init__(self, objects: WorkObjects, attempt_id: str) -> None:
        self._objects = objects
        self._attempt_id = attempt_id
        self._numbers = count(1)

    def mark_started(self, phase: PhaseName, task: int, at: float) -> None:
        """Notes that this attempt is going to write outside its work objects. Called before its first such write, and
        before the look that allows it; `at` is in epoch seconds.
        """
        self._mark(phase, task, at)

    def mark_finished(self, phase: PhaseName, task: int) -> None:
        """Notes that this attempt will write nothing more, and leaves no result."""
        self._mark(phase, task, 0)

    def mark_handed_over(self, phase: PhaseName, task: int, progress: Any) -> None:
        """Notes that this attempt will write nothing more, and that another one goes on from `progress`, which is
        JSON.
        """
        self._mark(phase, task, 0, progress)

    def mark_settled(self, phase: PhaseName, task: int, address: str, rows: int) -> None:
        """Notes what an earlier attempt of the import has counted of a task, under `address`: whoever goes on with the
        task begins behind these rows. Several calls are one.
        """
        self._objects.write_one(f"{phase}/attempts/{task}/settled", [address, 0, rows])

    def find(self, phase: PhaseName, task: int) -> list[AttemptMark]:
        """Returns what the attempts of a task have marked, this one included."""
        return [AttemptMark(*one) for one in self._objects.each_one(f"{phase}/attempts/{task}")]

    def write_retargeted_rows(self, batch: int, retargeted: dict[int, RecordId]) -> None:
        """Notes, by row number, the records that rows are about to write, where they are others than transforming
        found.
        """
        name = f"{next(self._numbers)}.{self._attempt_id}"
        self._objects.write_one(f"{_RETARGETED}/{batch}/{name}", [*retargeted.items()])

    def find_retargeted_rows(self, batch: int) -> dict[int, set[RecordId]]:
        """Returns, by row number, the records that rows were about to write, as all attempts have noted them."""
        retargeted: dict[int, set[RecordId]] = {}
        for written in self._objects.each_one(f"{_RETARGETED}/{batch}"):
            for row_number, record_id in written:
                retargeted.setdefault(row_number, set()).add(record_id)
        return retargeted

    def has_any(self, phase: PhaseName) -> bool:
        """Returns whether any attempt of any task of a phase has marked anything."""
        return self._objects.has_any(f"{phase}/attempts")

    def _mark(self, phase: PhaseName, task: int, at: float, *progress: Any) -> None:
        self._objects.write_one(f"{phase}/attempts/{task}/{self._attempt_id}", [self._attempt_id, at, *progress])
