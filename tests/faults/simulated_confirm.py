"""One strict import from its request to its end, of a preview that has run without a fault before; others have changed
records since.

In come a scenario and an intercept, as for a `SimulatedImport`; recorded, and interrupted by faults, is what is made of
the preview alone.
"""

from dataclasses import dataclass, replace
from typing import cast

from chalicelib.imports.confirm import confirm
from chalicelib.model.ids import ImportId, RecordId
from chalicelib.model.records import Stamp, Write
from chalicelib.model.rows import Outcome
from chalicelib.stores.memory import MemoryEvents
from tests.faults.executions import invoke_once
from tests.faults.recorder import pass_through
from tests.faults.scenarios import OURS, RESOURCE
from tests.faults.simulated_import import CALLER, SimulatedImport

CONFIRMED_AFTER_S = 60
CHANGED = ("con_b", "con_e", "con_f")
"""Two of them rows of the scenario mean, the third is cleaned up by an overwrite."""


@dataclass
class SimulatedConfirm(SimulatedImport):
    """A world with one preview that has ended, and the strict import of it, which is driven to its end."""

    def __post_init__(self) -> None:
        intercept, invoke, scenario = self.intercept, self.invoke, self.scenario
        self.intercept, self.invoke, self.scenario = pass_through, invoke_once, replace(scenario, is_preview=True)
        super().__post_init__()
        super().run()
        self.clock.now_s += CONFIRMED_AFTER_S
        self._change_records()
        self.import_id = confirm(self.context, CALLER, self.import_id, is_strict=True).import_id
        self.ends.clear()
        cast(MemoryEvents, self.stores.events).published.clear()
        self.intercept, self.invoke, self.scenario = intercept, invoke, scenario

    def _change_records(self) -> None:
        stored = self.stores.records.get_many(OURS, RESOURCE, map(RecordId, CHANGED))
        writes = [
            Write(
                record_id=one.record_id,
                before=one,
                fields=one.fields | {"notes": "Of others"},
                claims=one.claims,
                match_keys=one.match_keys,
                stamp=Stamp(ImportId("imp_others"), number, Outcome.UPDATED),
            )
            for number, one in enumerate(stored.values(), 1)
        ]
        self.stores.records.write_many(OURS, RESOURCE, writes, now_ms=int(self.clock() * 1000))

    def run(self) -> "SimulatedConfirm":
        """Lets time pass until the import has ended."""
        self.run_to_end()
        return self
