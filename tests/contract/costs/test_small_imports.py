"""What an import of one row takes of AWS when a state machine runs it, from its plan to its end: the real stores over
tables in memory, and a recorder that counts objects.
"""

from collections import Counter
from dataclasses import replace
from typing import Any

import pytest

from chalicelib.imports.concurrency import import_queue
from chalicelib.model.imports import Status
from chalicelib.stores import memory
from tests.faults.recorder import Call, CallRecorder, inside_function
from tests.faults.request_faults import TableRecords
from tests.faults.table_stores import over_tables
from tests.import_world import ImportWorld, run_import

AT_MOST = {"objects written": 4, "objects read": 2, "items written": 8, "items read": 7}
"""Requests by kind; the row's own look-up and its two writes are among them. A figure that falls is lowered here in the
same commit.
"""
WRITES = frozenset({"files.write_file", "files.list_keys", "files.delete_files"})
READS = frozenset({"files.read_file", "files.read_end", "files.open_file", "files.find_file"})
READ_ITEMS = frozenset({"GetItem", "BatchGetItem", "Query", "ExecuteStatement"})


class CountedWorld(ImportWorld):
    """An import world on real stores, which counts what its functions ask of AWS."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.objects: Counter[str] = Counter()
        self.records_on_tables = TableRecords()
        client = self.records_on_tables.client
        stores = over_tables(memory.stores(clock=self.clock), client, self.records_on_tables, self.clock)
        self.stores = CallRecorder(stores, self._count).stores
        self.machine = replace(self.machine, stores=self.stores)

    def _count(self, call: Call) -> Any:
        if call.name == "files.write_streams":
            self.objects["objects written"] += len(call.args[0])
        elif call.name in WRITES | READS:
            self.objects["objects written" if call.name in WRITES else "objects read"] += 1
        return call.perform()

    def count(self, source: str) -> Counter[str]:
        """Runs an import that has its slots, and returns its requests by kind."""
        import_ = self.queue(source)
        import_queue(self.stores, self.machine.limits, self.machine.now).start_or_enqueue(import_)
        self.objects.clear()
        asked = self.records_on_tables.transport.operations
        asked.clear()
        with inside_function("machine"):
            run_import(self.machine, import_)
        items = Counter("items read" if name in READ_ITEMS else "items written" for name, _ in asked)
        ended = self.get(import_)
        assert (ended.status, ended.stats.created) == (Status.COMPLETED, 1)
        return self.objects + items


@pytest.fixture(scope="module")
def counts() -> Counter[str]:
    """The first import of a tenant fixes what holds for all others; it is not counted."""
    world = CountedWorld(is_held=True)
    world.count("name,email\nAnn,ann@x.com\n")
    return world.count("name,email\nBob,bob@x.com\n")


@pytest.mark.parametrize("kind", AT_MOST)
def test_an_import_of_one_row_takes_no_more_requests_than_it_may(kind: str, counts: Counter[str]) -> None:
    assert counts[kind] <= AT_MOST[kind]
