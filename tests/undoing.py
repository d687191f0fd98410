"""A world in which imports run and are undone, which shows everything that is stored of the records.

`contents` is what an undo must bring back: fields, claims, match keys and creation times of all records that are there.
What it need not bring back, versions, stamps and the times of changes, is left out.
"""

import json
from collections.abc import Iterable
from dataclasses import replace
from random import Random
from typing import Any

from chalicelib.access.context import Caller, Context
from chalicelib.imports.undo import undo
from chalicelib.model.api_keys import Scope
from chalicelib.model.catalogue import RESOURCES
from chalicelib.model.imports import Import
from chalicelib.model.limits import DEFAULT_LIMITS, Limits
from chalicelib.stores.memory import MemoryRecords
from tests.import_world import TENANT, ImportWorld, run_import
from tests.random_rows import random_rows

REFERRED = ("companies", "contacts", "customers", "users")
ROWS = 14


class WatchedRecords(MemoryRecords):
    """Records in memory, which tell what is stored."""

    def contents(self) -> dict[str, Any]:
        """Returns the live records by resource, with what holds them."""
        return {name: self._contents_of(name) for _, name in sorted(self._partitions)}

    def _contents_of(self, resource: str) -> Any:
        one = self._partitions[TENANT, resource]
        records = {
            record.record_id: (document, record.created_at, sorted(record.claims), sorted(record.match_keys))
            for record, document in one.records.values()
            if not record.is_deleted
        }
        return records, dict(one.claims), {key: sorted(ids) for key, ids in one.matches.items() if ids}


class UndoWorld(ImportWorld):
    """An `ImportWorld` in which imports can be undone."""

    def __init__(self, limits: Limits = DEFAULT_LIMITS) -> None:
        super().__init__(limits=limits)
        self.shown = WatchedRecords()
        self.stores = replace(self.stores, records=self.shown)
        self.machine = replace(self.machine, stores=self.stores)

    @property
    def context(self) -> Context:
        """The surroundings of operations."""
        return Context(
            stores=self.stores,
            clock=lambda: int(self.clock()),
            new_id=lambda prefix: f"{prefix}_{next(self.numbers)}",
            open_runner=lambda: self.machine,
            limits=self.limits,
        )

    @property
    def caller(self) -> Caller:
        """A caller who may do everything."""
        return Caller(tenant_id=TENANT, key_id="key_test", scopes=frozenset(Scope))

    def fill(self, chance: Random, resource: str) -> None:
        """Imports random records of a resource, and of those that it may refer to."""
        for name in dict.fromkeys([*REFERRED, resource]):
            self.run(as_source(random_rows(RESOURCES[name], chance, ROWS)), resource=name)
        self.clock.now_s += 60

    def contents(self) -> dict[str, Any]:
        """Returns all that must be as it was after an undo."""
        return self.shown.contents()

    def request_undo(self, import_: Import, *, is_preview: bool = False) -> Import:
        """Makes the undo of an import, which waits for its turn."""
        return undo(self.context, self.caller, import_.import_id, is_preview=is_preview)

    def undo(self, import_: Import, *, is_preview: bool = False) -> Import:
        """Undoes an import, and returns the undo as it ended."""
        child = self.request_undo(import_, is_preview=is_preview)
        run_import(self.machine, child)
        return self.get(child)


def as_source(rows: Iterable[dict[str, Any]]) -> str:
    """Returns rows as NDJSON."""
    return "\n".join(map(json.dumps, rows))
