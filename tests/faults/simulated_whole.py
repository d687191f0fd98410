"""One import that is to be done as a whole or not at all, from its request to the end of its own undo.

Others take an identity between its rehearsal and the last of its batches, so that a row of that fails when the others
are written already. In come a scenario and an intercept, as for a `SimulatedImport`.
"""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from chalicelib.imports.undo import undo
from chalicelib.model.guard_rails import GuardRails
from chalicelib.model.imports import Status
from chalicelib.model.rows import Fields
from tests.faults.executions import FUNCTION_LIFETIME_S
from tests.faults.recorder import Call
from tests.faults.scenarios import IN_BATCHES, OURS, RESOURCE, Scenario, put
from tests.faults.simulated_import import CALLER, REAPER_ROUNDS, SimulatedImport
from tests.faults.stored_state import StoredState, read_state

WHOLE_SOURCE = """\
external_id,email,name,company_name
X-1,ann@x.com,Ann Newman,Beta
X-2,bob@x.com,Bob Newman,
X-20,new@x.com,New One,Acme
X-5,eve@new.com,Eve,
X-21,two@x.com,New Two,
X-11,kim@x.com,Kim Newman,
X-7,gus@x.com,Gus,
X-22,three@x.com,New Three,
X-6,fay@x.com,Fay Newman,
X-3,taken@x.com,Cy,
X-23,four@x.com,New Four,
"""
"""Eleven good rows in three batches: some make records, some change them."""
WHOLE = Scenario(
    limits=IN_BATCHES,
    source=WHOLE_SOURCE,
    guard_rails=GuardRails(all_or_nothing=True),
    name="merge that is done as a whole or not at all",
)
TAKER: dict[str, Fields] = {"con_taker": {"email": "taken@x.com", "name": "Taker"}}
OF_OTHERS = {f"{RESOURCE} {one}" for one in TAKER}
LAST_BATCH = "processing 2"


@dataclass
class SimulatedWhole(SimulatedImport):
    """A world with an import that fails as a whole, and the undo that follows from that."""

    before: StoredState = field(init=False)
    _is_taken: bool = False

    def __post_init__(self) -> None:
        super().__post_init__()
        self.before = read_state(self.stores, self.import_id)

    def _intercepted(self, call: Call) -> Any:
        if call.function == LAST_BATCH and not self._is_taken:
            self._is_taken = True
            put(self.stores.records, OURS, RESOURCE, TAKER)
        return super()._intercepted(call)

    def run_to_end(self) -> None:
        """Goes on until the import has ended, and what follows from that."""
        super().run_to_end()
        for _ in range(REAPER_ROUNDS):
            self.run_executions()
            if not self.import_.undo_due and self.import_.busy_with is None:
                return
            self.clock.now_s += FUNCTION_LIFETIME_S + 1
            self.reap()

    def undo_again_if_broken_off(self) -> None:
        """Asks for the undo once more, as a caller may, where it ran out of time itself."""
        told = self.import_.undo
        if told is not None and told.status is Status.TIMED_OUT and self.import_.reverted_by is None:
            undo(self.context, CALLER, self.import_id)
            self.run_to_end()

    def each_trouble(self) -> list[str]:
        """Returns what is wrong once everything has ended."""
        import_, found = self.import_, read_state(self.stores, self.import_id)
        wrong = [f"I4: ended {number} times: {one}" for one, number in Counter(self.ends).items() if number > 1]
        if not import_.is_final or import_.undo_due or import_.busy_with:
            wrong.append(f"I4: {import_.status}, busy with {import_.busy_with}")
        stats = import_.stats
        if stats.accounted != stats.total:
            wrong.append(f"I1: {stats}")
        wrong += [f"I7: {text}" for text in found.astray]
        if found.theirs != self.before.theirs:
            wrong.append("I3: a record of the other tenant was touched")
        return wrong + self._each_remainder(found)

    def _each_remainder(self, found: StoredState) -> list[str]:
        """What is left of an import that was not done as a whole."""
        import_, before = self.import_, self.before.contents
        left = {name: content for name, content in found.contents.items() if name not in OF_OTHERS}
        names = sorted(one for one in left.keys() | before.keys() if left.get(one) != before.get(one))
        wrong = [f"I2: {one} is {left.get(one)}, and was {before.get(one)}" for one in names]
        if import_.undo_until is not None and import_.reverted_by is None:
            wrong.append(f"not reverted: {import_.undo}")
        return wrong
