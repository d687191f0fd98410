"""Exports while records are written: what `docs/exports.md` promises, at every moment at which a write may come.

Each record is in the file at most once, as it was at one moment of reading; what is not touched is there; what comes
after the snapshot is not.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import orjson
import pytest

from chalicelib.formats.registry import Format
from chalicelib.model.exports import ExportStatus
from chalicelib.model.records import Record
from chalicelib.model.write_options import Rendering
from tests.faults.conftest import Cases
from tests.faults.crash import Crash
from tests.faults.recorder import Call
from tests.faults.simulated_export import PEOPLE, SORTED, UNSORTED, SimulatedExport, put

JSON = (Rendering(format=Format.JSON),)
CHOSEN = {
    "unsorted": replace(UNSORTED, renderings=JSON),
    "sorted": replace(SORTED, renderings=JSON, limit=None),
}
LATER_MS = 1_900_000_000_000
"""After any snapshot here."""


class Interrupted:
    """A record store in which something happens just before it yields the nth record."""

    def __init__(self, records: Any, nth: int, happen: Callable[[], None]) -> None:
        self._records = records
        self._left = nth
        self._happen = happen

    def __getattr__(self, name: str) -> Any:
        return getattr(self._records, name)

    def each_record(self, tenant_id: Any, resource: str, shard: int, *, after: str = "") -> Iterator[Record]:
        for record in self._records.each_record(tenant_id, resource, shard, after=after):
            self._left -= 1
            if self._left == -1:
                self._happen()
            yield record


def exported(name: str, nth: int, write: Callable[[SimulatedExport], None], *, is_crashing: bool = False) -> list[Any]:
    """Runs an export during which something is written, just before the nth record is read; returns its rows."""
    simulation = SimulatedExport(CHOSEN[name])

    def happen() -> None:
        write(simulation)
        if is_crashing:
            raise Crash

    records = Interrupted(simulation.stores.records, nth, happen)
    simulation.steps = replace(simulation.steps, stores=replace(simulation.steps.stores, records=records))
    simulation.run()
    assert simulation.export.status is ExportStatus.COMPLETED
    rows: list[Any] = orjson.loads(simulation.contents["json"])
    assert simulation.export.progress.rows == len(rows)
    return rows


def by_id(rows: list[Any]) -> dict[str, Any]:
    """Returns the rows by id; fails for a record that is there twice."""
    found = {row["id"]: row for row in rows}
    assert len(found) == len(rows)
    return found


MOMENTS = [0, 1, 7, 13, 19]
KINDS = pytest.mark.parametrize("name", CHOSEN)
CRASHES = pytest.mark.parametrize("is_crashing", [False, True], ids=["", "and a crash"])


@KINDS
@CRASHES
@pytest.mark.parametrize("nth", MOMENTS)
def test_a_record_changed_meanwhile_is_there_once_as_it_was_at_one_moment(
    name: str, is_crashing: bool, nth: int
) -> None:
    changed = exported(
        name,
        nth,
        lambda simulation: put(simulation.stores, "con_3", {"name": "Aaron"}, at_ms=LATER_MS),
        is_crashing=is_crashing,
    )

    found = by_id(changed)
    assert found["con_3"]["name"] in ("Name 3", "Aaron")
    assert set(found) == set(PEOPLE)
    assert changed == sorted(changed, key=lambda row: row["name"], reverse=True) or name == "unsorted"


@KINDS
@CRASHES
@pytest.mark.parametrize("nth", MOMENTS)
def test_a_record_deleted_meanwhile_is_there_whole_or_not_at_all(name: str, is_crashing: bool, nth: int) -> None:
    found = by_id(
        exported(
            name, nth, lambda simulation: put(simulation.stores, "con_3", None, at_ms=LATER_MS), is_crashing=is_crashing
        )
    )

    assert set(PEOPLE) - {"con_3"} <= set(found)
    assert found.get("con_3", {"name": "Name 3"})["name"] == "Name 3"


@KINDS
@CRASHES
@pytest.mark.parametrize("nth", MOMENTS)
def test_a_record_created_after_the_snapshot_is_left_out(name: str, is_crashing: bool, nth: int) -> None:
    def create(simulation: SimulatedExport) -> None:
        for number in range(40):
            put(simulation.stores, f"con_new{number}", {"name": "New"}, at_ms=LATER_MS)

    found = by_id(exported(name, nth, create, is_crashing=is_crashing))

    assert set(found) == set(PEOPLE)


def test_every_record_that_was_there_from_begin_to_end_is_in_the_file(cases: Cases) -> None:
    """Writes at every call of an export: each row is one of the versions that its record has had."""
    numbers = range(120)
    for number in cases.some(numbers, one_in=5):
        simulation = SimulatedExport(CHOSEN["sorted"])
        simulation.intercept = _writing_at(number, simulation)
        simulation.run()
        found = by_id(orjson.loads(simulation.contents["json"]))
        untouched = {one for one in PEOPLE if one not in ("con_1", "con_2")}
        wrong = [f"{one} is missing" for one in untouched | {"con_1"} if one not in found]
        wrong += [f"{one} is strange" for one in found if one not in PEOPLE]
        cases.check(f"writes at call {number}", wrong)

    cases.conclude()


def _writing_at(number: int, simulation: SimulatedExport) -> Callable[[Call], Any]:
    def intercept(call: Call) -> Any:
        if call.number == number:
            put(simulation.stores, "con_1", {"name": "Changed"}, at_ms=LATER_MS)
            put(simulation.stores, "con_2", None, at_ms=LATER_MS)
            put(simulation.stores, "con_late", {"name": "Late"}, at_ms=LATER_MS)
        return call.perform()

    return intercept
