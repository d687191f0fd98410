"""One undo from its request to its end, of an import that has run without a fault before.

In come a scenario and an intercept, as for a `SimulatedImport`; recorded, and interrupted by faults, is the undo alone.
"""

from dataclasses import dataclass, field
from typing import cast

from chalicelib.imports.undo import undo
from chalicelib.model.ids import ImportId
from chalicelib.model.imports import Import
from chalicelib.stores.memory import MemoryEvents
from tests.faults.executions import invoke_once
from tests.faults.recorder import pass_through
from tests.faults.scenarios import OURS
from tests.faults.simulated_import import CALLER, SimulatedImport
from tests.faults.stored_state import read_state

UNDONE_AFTER_S = 60


@dataclass
class SimulatedUndo(SimulatedImport):
    """A world with one import that has ended, and its undo, which is driven to its end."""

    undone_id: ImportId = field(init=False)
    before: dict[str, object] = field(init=False)
    """The contents of all records before the import."""

    def __post_init__(self) -> None:
        intercept, invoke = self.intercept, self.invoke
        self.intercept, self.invoke = pass_through, invoke_once
        super().__post_init__()
        self.before = read_state(self.stores, self.import_id).contents
        super().run()
        self.clock.now_s += UNDONE_AFTER_S
        self.undone_id = self.import_id
        self.import_id = undo(self.context, CALLER, self.undone_id).import_id
        self.ends.clear()
        cast(MemoryEvents, self.stores.events).published.clear()
        self.intercept, self.invoke = intercept, invoke

    @property
    def undone(self) -> Import:
        """The import that is undone, as it is stored now."""
        found = self.stores.imports.find(OURS, self.undone_id)
        assert found is not None
        return found

    def run(self) -> "SimulatedUndo":
        """Lets time pass until the undo has ended."""
        self.run_to_end()
        return self

    def each_trouble(self) -> list[str]:
        """Returns what is wrong with the import that is undone, and with what it leaves, once the undo has ended."""
        undone, stats = self.undone, self.import_.stats
        told = undone.undo
        wrong = [f"the import is still busy with {undone.busy_with}"] if undone.busy_with else []
        reversed_ = stats.created + stats.updated + stats.deleted + stats.unchanged
        counted = (self.import_id, reversed_, stats.skipped, stats.failed, stats.unprocessed)
        if told is None or counted != (told.import_id, told.reversed, told.kept, told.failed, told.unprocessed):
            wrong.append(f"the import tells {told} of an undo with {stats}")
        is_whole = reversed_ == stats.total > 0
        if (undone.reverted_by == self.import_id) != is_whole:
            wrong.append(f"reverted by {undone.reverted_by}, though the undo has {stats}")
        if is_whole and read_state(self.stores, self.import_id).contents != self.before:
            wrong.append("I2: all is reversed, and the records are not as they were before")
        return wrong


def undo_and_compare(simulation: SimulatedImport, before: dict[str, object]) -> list[str]:
    """Undoes an import that has ended, and returns in what the records differ from those before it."""
    undone = simulation.import_
    if undone.undo_until is not None:
        simulation.clock.now_s += UNDONE_AFTER_S
        simulation.import_id = undo(simulation.context, CALLER, undone.import_id).import_id
        simulation.run_to_end()
    found = read_state(simulation.stores, simulation.import_id).contents
    names = sorted(found.keys() | before.keys())
    wrong = [
        f"{one} is {found.get(one)}, and was {before.get(one)}" for one in names if found.get(one) != before.get(one)
    ]
    is_reverted = simulation.stores.imports.find(OURS, undone.import_id)
    assert is_reverted is not None
    if undone.undo_until is not None and is_reverted.reverted_by is None:
        wrong.append(f"not reverted: {is_reverted.undo}")
    return wrong
