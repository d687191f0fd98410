"""How an undo is divided: which part of the import that it undoes each of its splits reads.

What was written last is undone first. All rows of a split, and so of a batch, are about records of one resource: an
import changes those of its own, and may have created others that its rows named.
"""

from dataclasses import asdict, dataclass

from chalicelib.imports.workspace.partitioning import split_of
from chalicelib.imports.workspace.work_objects import WorkObjects

_NAME = "undo_plan"


@dataclass(frozen=True, slots=True, kw_only=True)
class UndoSplit:
    """What one task of an undo reads."""

    resource: str
    """Of all its records."""
    shards: tuple[int, ...] = ()
    """Whose cleanup it undoes."""
    batches: tuple[int, ...] = ()
    """Whose rows it undoes; the last comes first."""
    creates_missing: bool = False
    """Whether it is about the records that were created because rows of these batches named them."""


class UndoPlan:
    """The splits of one undo."""

    def __init__(self, objects: WorkObjects) -> None:
        self._objects = objects
        self._splits: list[UndoSplit] = []

    def write(self, splits: list[UndoSplit]) -> None:
        """Writes the splits."""
        self._splits = splits
        self._objects.write_one(_NAME, [asdict(one) for one in splits])

    def get_splits(self) -> list[UndoSplit]:
        """Returns the splits. Raises NotFound where nothing has been planned."""
        if not self._splits:
            self._splits = [_to_split(one) for one in self._objects.read_one(_NAME)]
        return self._splits

    def get_split_of(self, batch: int) -> UndoSplit:
        """Returns the split that a batch of the undo belongs to."""
        return self.get_splits()[split_of(batch)]


def _to_split(stored: dict[str, object]) -> UndoSplit:
    lists = {name: tuple(value) for name, value in stored.items() if isinstance(value, list)}
    return UndoSplit(**{**stored, **lists})  # type: ignore[arg-type] # as it was written
