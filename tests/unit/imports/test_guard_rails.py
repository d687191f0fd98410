"""An import that would fail or delete too much writes nothing; one that would not goes on as if there were no limit."""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.model.guard_rails import GuardRails, Tolerance
from chalicelib.model.imports import Import, Stats, Status
from chalicelib.model.limits import DEFAULT_LIMITS, Limits
from tests.import_world import ImportWorld

IN_BATCHES = Limits(small_source_bytes=0, batch_rows=3)
FEW, PART = Tolerance(count=1), Tolerance(percent_hundredths=2_500)
PEOPLE = "".join(f"Person {n},p{n}@x.com\n" for n in range(1, 9))
SOURCE = f"name,email\n{PEOPLE}"


@pytest.fixture(params=[DEFAULT_LIMITS, IN_BATCHES], ids=["in one task", "in batches"])
def world(request: pytest.FixtureRequest) -> ImportWorld:
    world = ImportWorld(limits=request.param)
    world.run(SOURCE)
    return world


def run(world: ImportWorld, source: str, **options: Any) -> Import:
    rails = {name: options.pop(name) for name in ("max_failed", "max_deleted") if name in options}
    return world.run(source, guard_rails=GuardRails(**rails), **options)


def stored(world: ImportWorld) -> list[object]:
    return [(one.record_id, one.version, one.fields) for one in world.records()]


def test_too_many_failed_rows_stop_the_import_before_it_writes(world: ImportWorld) -> None:
    before = stored(world)

    import_ = run(
        world, "name,email\nNew,p1@x.com\n,new@x.com\n,other@x.com\nLast,broken\nNew,p2@x.com\n", max_failed=FEW
    )

    assert (import_.status, import_.reason) == (Status.FAILED, "max_failed: 3 of 5 rows, limit 1")
    assert import_.stats == replace(import_.stats, total=5, failed=3, unprocessed=2)
    assert stored(world) == before


def test_rows_that_failed_are_told_and_no_others(world: ImportWorld) -> None:
    import_ = run(world, "name,email\nNew,p1@x.com\n,new@x.com\n,other@x.com\n", max_failed=FEW)

    assert world.codes(import_) == {2: ["required"], 3: ["required"]}
    assert import_.problem_counts == {"required": 2}
    assert [one.status for one in import_.phases] == [*["completed"] * 5, "failed", "skipped"]


def test_an_import_within_its_limits_goes_on(world: ImportWorld) -> None:
    source = "name,email\nNew,p1@x.com\n,new@x.com\nOther,p3@x.com\n"
    plain = ImportWorld(limits=world.limits)
    plain.run(SOURCE)

    import_, expected = run(world, source, max_failed=FEW), plain.run(source)

    assert import_.status is Status.COMPLETED
    assert import_.stats == expected.stats == Stats(total=3, updated=2, failed=1)
    assert import_.problem_counts == expected.problem_counts
    assert world.codes(import_) == plain.codes(expected)
    assert [(one.name, one.status, one.total, one.success, one.error) for one in import_.phases] == [
        (one.name, one.status, one.total, one.success, one.error) for one in expected.phases
    ]


def test_of_one_row_it_is_told_in_the_singular(world: ImportWorld) -> None:
    import_ = run(world, "name,email\nNew,broken\n", max_failed=Tolerance(count=0))

    assert import_.reason == "max_failed: 1 of 1 row, limit 0"


def test_skipped_rows_are_no_failed_rows(world: ImportWorld) -> None:
    source = "name,email\n" + "Twice,twice@x.com\n" * 6

    assert run(world, source, max_failed=FEW).status is Status.COMPLETED


@pytest.mark.parametrize("broken", [3, 2], ids=["more", "as many"])
def test_a_part_of_the_rows_may_fail(world: ImportWorld, broken: int) -> None:
    source = "name,email\n" + "".join(f"New {n},{n if n < broken else f'n{n}@x.com'}\n" for n in range(8))

    import_ = run(world, source, max_failed=PART)

    assert import_.reason == ("max_failed: 3 of 8 rows, limit 25%" if broken == 3 else None)


def test_an_overwrite_that_would_clean_up_too_much_writes_nothing(world: ImportWorld) -> None:
    before = stored(world)

    import_ = run(world, "name,email\nNew,p1@x.com\n", action="overwrite", max_deleted=PART)

    assert (import_.status, import_.reason) == (Status.FAILED, "max_deleted: 7 of 8 records, limit 25%")
    assert import_.stats == Stats(total=1, unprocessed=1)
    assert stored(world) == before


def test_an_overwrite_within_its_limit_cleans_up(world: ImportWorld) -> None:
    kept = "".join(f"Person {n},p{n}@x.com\n" for n in range(1, 7))

    import_ = run(world, f"name,email\n{kept}", action="overwrite", max_deleted=PART)

    assert (import_.status, import_.stats.overwritten, import_.stats.unchanged) == (Status.COMPLETED, 2, 6)
    assert len(world.records()) == 6


@pytest.mark.parametrize(
    ("limit", "reason"),
    [
        (FEW, "max_deleted: 3 records, limit 1"),
        (PART, "max_deleted: 3 of 8 records, limit 25%"),
        (Tolerance(count=3), None),
        (Tolerance(percent_hundredths=4_000), None),
    ],
)
def test_a_delete_may_delete_a_number_or_a_part_of_all_records(
    world: ImportWorld, limit: Tolerance, reason: str | None
) -> None:
    import_ = run(world, "email\np1@x.com\np2@x.com\np3@x.com\nnew@x.com\n", action="delete", max_deleted=limit)

    assert import_.reason == reason
    assert len(world.records()) == (8 if reason else 5)


def test_a_preview_says_which_guard_rail_would_stop_it(world: ImportWorld) -> None:
    preview = run(world, "email\np1@x.com\np2@x.com\n", action="delete", max_deleted=FEW, is_preview=True)

    assert (preview.status, preview.reason) == (Status.FAILED, "max_deleted: 2 records, limit 1")
    assert preview.stats == Stats(total=2, deleted=2)
