"""The rows of an import, with what became of them, in file order, whatever the batches are."""

from dataclasses import replace

import pytest

from chalicelib.imports.rows import ListedRow, RowListing, list_rows
from chalicelib.model.imports import Import
from chalicelib.model.limits import Limits
from chalicelib.model.rows import Outcome
from tests.import_world import ImportWorld, run_import
from tests.world import World

ROWS = [f"N{n},{'wrong' if n % 3 == 0 else f'n{n}@example.com'}" for n in range(1, 9)]
SOURCE = "\n".join(["name,email", *ROWS])


@pytest.fixture(params=[Limits(), Limits(small_source_bytes=0, batch_rows=3)], ids=["one batch", "three batches"])
def world(request: pytest.FixtureRequest) -> ImportWorld:
    return ImportWorld(limits=request.param)


def listed(
    world: ImportWorld, import_: Import, *, page: int = 1, per_page: int = 100, only: Outcome | None = None
) -> RowListing:
    context = replace(World().context, stores=world.stores, limits=world.limits)

    def selects(row: ListedRow) -> bool:
        return only is None or (row.outcome is not None and row.outcome.outcome is only)

    return list_rows(context, import_, selects, page=page, per_page=per_page)


def test_every_row_is_listed_as_it_came_with_its_outcome(world: ImportWorld) -> None:
    import_ = world.run(SOURCE)

    rows = listed(world, import_).rows

    assert [row.number for row in rows] == list(range(1, 9))
    assert rows[2].given == {"name": "N3", "email": "wrong"}
    outcomes = [row.outcome.outcome if row.outcome else None for row in rows]
    assert outcomes == [Outcome.FAILED if n % 3 == 0 else Outcome.CREATED for n in range(1, 9)]


def test_a_page_of_those_selected_knows_how_many_there_are(world: ImportWorld) -> None:
    listing = listed(world, world.run(SOURCE), page=2, per_page=4, only=Outcome.CREATED)

    assert ([row.number for row in listing.rows], listing.total) == ([7, 8], 6)


def test_rows_of_json_are_listed_as_objects(world: ImportWorld) -> None:
    import_ = world.run('[{"name": "Ann", "tags": ["a"]}]')

    assert [row.given for row in listed(world, import_).rows] == [{"name": "Ann", "tags": ["a"]}]


def test_an_import_that_has_not_begun_has_no_rows(world: ImportWorld) -> None:
    import_ = world.queue(SOURCE)

    assert listed(world, import_) == RowListing((), 0)


def test_rows_whose_work_has_been_removed_are_gone(world: ImportWorld) -> None:
    import_ = world.run(SOURCE)

    world.stores.files.delete_files("work/")

    assert listed(world, import_) == RowListing((), 0)


def test_only_the_first_rows_of_a_large_import_are_looked_at() -> None:
    world = ImportWorld(limits=Limits(listed_rows=5, batch_rows=3, small_source_bytes=0))

    listing = listed(world, world.run(SOURCE))

    assert ([row.number for row in listing.rows], listing.total) == ([1, 2, 3, 4, 5], 5)


def test_rows_of_an_import_that_is_read_again_are_those_of_its_attempt(world: ImportWorld) -> None:
    import_ = world.queue(SOURCE)
    run_import(world.machine, import_)

    assert listed(world, replace(world.get(import_), attempt=2)) == RowListing((), 0)
