"""A process that dies at any write of a request that imports by itself, and that nobody sends again: the execution that
the reaper starts ends the import, and counts what was written.
"""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from typing import Any

import orjson
import pytest

from chalicelib.imports.events import FinishEvent
from chalicelib.imports.handlers import ImportMachine
from chalicelib.model.imports import Import, Stats
from chalicelib.model.stop_reasons import StopCode, StopReason
from tests.contract.repeating import Dialect, Died
from tests.faults.recorder import Call
from tests.faults.test_idempotent_requests import dying_at, intercepted
from tests.world import OURS

LATER_S = 16 * 60
"""Longer than any function lives."""
ROWS = [
    {"name": "Ann", "email": "ann@example.com"},
    {"name": "Bob", "email": "no address"},
    {"name": "Cid", "email": "cid@example.com"},
]
BODIES: dict[str, Any] = {
    "cStar": {"resource": "customers", "records": ROWS},
    "Kasar": {"records": [{**row, "company_name": "Acme Corp"} for row in ROWS]},
}


def ask_once(dialect: Dialect, name: str) -> None:
    """Sends the rows once; the process may die."""
    with suppress(Died):
        dialect.ask(None, orjson.dumps(BODIES[name]))


def effects_of(name: str) -> list[str]:
    seen: list[str] = []

    def look(call: Call) -> Any:
        if call.is_effect:
            seen.append(call.name)
        return call.perform()

    ask_once(intercepted(name, look)[0], name)
    return seen


def each_case() -> Iterator[Any]:
    for name in BODIES:
        for number, effect in enumerate(effects_of(name)):
            for is_done in (False, True):
                yield pytest.param(
                    name, number, is_done, id=f"{name}, {'after' if is_done else 'before'} {effect} {number}"
                )


def names_of(dialect: Dialect, resource: str) -> list[str]:
    records = dialect.world.stores.records
    shards = range(records.shard_count(OURS, resource))
    found = [one for shard in shards for one in records.each_record(OURS, resource, shard)]
    return sorted(str(one.fields["name"]) for one in found if not one.is_deleted)


def end(machine: ImportMachine, import_: Import) -> None:
    """What the execution does that the reaper starts when the deadline is over."""
    late = StopReason(StopCode.TIMED_OUT, "the import was not done in time.")
    ids = {"tenant_id": import_.tenant_id, "import_id": import_.import_id, "attempt": import_.attempt}
    machine.finish(FinishEvent(**ids, stopped_by=late, is_from_outside=True))


@pytest.mark.parametrize(("name", "number", "is_done"), list(each_case()))
def test_what_a_dead_request_has_written_is_counted(name: str, number: int, is_done: bool) -> None:
    dialect, machine = intercepted(name, dying_at(number, is_done=is_done))
    ask_once(dialect, name)
    dialect.world.now += LATER_S

    stored = dialect.world.stores.imports.list_page(OURS, page=1, per_page=9).entries
    for import_ in stored:
        if not import_.is_final:
            end(machine, import_)

    if not stored:
        assert names_of(dialect, dialect.resource) == []
        return
    [ended] = dialect.world.stores.imports.list_page(OURS, page=1, per_page=9).entries
    written = names_of(dialect, dialect.resource)
    assert written in ([], ["Ann", "Cid"])
    counted = replace(ended.stats, created_references={})
    assert counted == Stats(total=3, created=len(written), failed=1, unprocessed=2 - len(written))
    assert sum(ended.stats.created_references.values()) == len(names_of(dialect, "companies"))
    assert ended.has_errors_file


def test_a_request_writes_its_import_twice() -> None:
    for name in BODIES:
        of_imports = [one for one in effects_of(name) if one.startswith("imports.")]

        assert of_imports[-2:] == ["imports.change_known", "imports.mark_published"]
        assert of_imports[0] == "imports.add"
