"""Which imports do not go on, and what can be done about them, over stores in memory."""

import pytest

from chalicelib.model.ids import ImportId
from chalicelib.model.imports import Import, Status
from local.administration.stuck import each_stuck, end, listed, resume
from tests.world import NOW, OURS, World, an_import


def a_watched(world: World, import_id: str, **given: object) -> Import:
    import_ = an_import(Status.QUEUED, import_id, **{"deadline_at": NOW + 3600, **given})
    world.stores.imports.add(import_)
    world.stores.imports.watch(import_)
    return import_


def why(world: World) -> dict[str, str]:
    return {one.import_.import_id: one.why for one in each_stuck(world.stores, NOW)}


def test_an_import_beyond_its_deadline_is_listed_once() -> None:
    world = World()
    a_watched(world, "imp_late", deadline_at=NOW - 60)

    assert why(world) == {
        "imp_late": "is beyond its deadline of 2023-11-14T22:12:20Z; the reaper ends it within five minutes, or: end"
    }


def test_an_import_without_an_execution_is_listed_and_can_be_resumed() -> None:
    world = World()
    import_ = a_watched(world, "imp_lost")
    assert "has no execution" in why(world)["imp_lost"]

    assert resume(world.stores, OURS, import_.import_id) == "imp_lost is started."

    assert why(world) == {}


def test_an_import_that_runs_is_not_stuck_and_cannot_be_resumed() -> None:
    world = World()
    import_ = a_watched(world, "imp_runs")
    world.stores.import_executions.start(import_)

    assert [*listed(world.stores, NOW)] == ["No import is stuck."]
    with pytest.raises(SystemExit, match="is RUNNING"):
        resume(world.stores, OURS, import_.import_id)


def test_ending_an_import_starts_an_execution_that_does_so_and_keeps_the_reaper_away() -> None:
    world = World()
    import_ = a_watched(world, "imp_late", deadline_at=NOW - 60)

    assert "is being ended" in end(world.stores, OURS, import_.import_id, now=NOW)

    found = world.stores.imports.find(OURS, import_.import_id)
    assert found is not None
    assert (found.end_tries, found.postponed_until) == (1, NOW + 300)


@pytest.mark.parametrize("status", [Status.COMPLETED, Status.FAILED])
def test_what_has_ended_is_left_alone(status: Status) -> None:
    world = World()
    world.stores.imports.add(an_import(status, "imp_1"))

    with pytest.raises(SystemExit, match=f"imp_1 has ended: {status}"):
        end(world.stores, OURS, ImportId("imp_1"), now=NOW)


def test_an_import_that_waits_for_its_file_is_not_started() -> None:
    world = World()
    world.stores.imports.add(an_import(Status.REQUESTED, "imp_1"))

    with pytest.raises(SystemExit, match="waits for its caller"):
        resume(world.stores, OURS, ImportId("imp_1"))


def test_an_import_of_nobody_is_told_so() -> None:
    with pytest.raises(SystemExit, match="has no import imp_1"):
        resume(World().stores, OURS, ImportId("imp_1"))
