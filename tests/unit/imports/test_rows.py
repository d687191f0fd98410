"""The rows of an import, with what became of them, in file order, whatever the batches are."""

from dataclasses import replace

import orjson
import pytest

from chalicelib.errors import Conflict, Refused
from chalicelib.imports.row_reader import ListedRow
from chalicelib.imports.row_selection import RowFilter
from chalicelib.imports.rows import NumberedRows, RowsByCursor, list_numbered_rows, list_rows
from chalicelib.imports.workspace.row_pages import KINDS_COUNTED
from chalicelib.model.imports import Action, Import, Status
from chalicelib.model.limits import Limits
from chalicelib.model.row_rules import RowRules
from chalicelib.model.rows import Outcome
from tests.import_world import ImportWorld, run_import
from tests.world import World

ROWS = [f"N{n},{'wrong' if n % 3 == 0 else f'n{n}@example.com'}" for n in range(1, 9)]
SOURCE = "\n".join(["name,email", *ROWS])
ALL = RowFilter()
FAILED = RowFilter(outcome=Outcome.FAILED)


@pytest.fixture(params=[Limits(), Limits(small_source_bytes=0, batch_rows=3)], ids=["one batch", "three batches"])
def world(request: pytest.FixtureRequest) -> ImportWorld:
    return ImportWorld(limits=request.param)


def numbered(
    world: ImportWorld, import_: Import, selection: RowFilter = ALL, *, page: int = 1, per_page: int = 100
) -> NumberedRows:
    context = replace(World().context, stores=world.stores, limits=world.limits)
    return list_numbered_rows(context, import_, selection, page=page, per_page=per_page)


def listed(
    world: ImportWorld, import_: Import, filter_: RowFilter = ALL, *, cursor: str | None = None, limit: int = 100
) -> RowsByCursor:
    context = replace(World().context, stores=world.stores, limits=world.limits)
    return list_rows(context, import_, filter_, cursor=cursor, limit=limit)


def walked(world: ImportWorld, import_: Import, filter_: RowFilter = ALL, *, limit: int) -> list[list[int]]:
    """The row numbers of all answers, until no cursor leads on."""
    answers, cursor = [], None
    while True:
        answer = listed(world, import_, filter_, cursor=cursor, limit=limit)
        answers.append([row.number for row in answer.rows])
        cursor = answer.cursor
        if cursor is None:
            return answers


def outcomes(rows: tuple[ListedRow, ...]) -> list[Outcome | None]:
    return [row.outcome.outcome if row.outcome else None for row in rows]


def test_every_row_is_listed_as_it_came_with_its_outcome(world: ImportWorld) -> None:
    rows = listed(world, world.run(SOURCE)).rows

    assert [(row.number, row.line) for row in rows] == [(n, n + 1) for n in range(1, 9)]
    assert rows[2].given == {"name": "N3", "email": "wrong"}
    assert outcomes(rows) == [Outcome.FAILED if n % 3 == 0 else Outcome.CREATED for n in range(1, 9)]


def test_cursors_lead_through_all_rows_and_end_with_the_last(world: ImportWorld) -> None:
    import_ = world.run(SOURCE)

    assert walked(world, import_, limit=3) == [[1, 2, 3], [4, 5, 6], [7, 8]]
    assert walked(world, import_, limit=4) == [[1, 2, 3, 4], [5, 6, 7, 8]]


@pytest.mark.parametrize(
    ("filter_", "numbers"),
    [
        (FAILED, [3, 6]),
        (RowFilter(outcome=Outcome.CREATED), [1, 2, 4, 5, 7, 8]),
        (RowFilter(code="invalid_email"), [3, 6]),
        (RowFilter(field="email"), [3, 6]),
        (RowFilter(outcome=Outcome.FAILED, code="invalid_email", field="email"), [3, 6]),
        (RowFilter(code="invalid_email", field="name"), []),
        (RowFilter(outcome=Outcome.CREATED, code="invalid_email"), []),
        (RowFilter(code="required"), []),
    ],
)
def test_rows_are_chosen_by_outcome_code_and_field(world: ImportWorld, filter_: RowFilter, numbers: list[int]) -> None:
    import_ = world.run(SOURCE)

    assert [row.number for row in listed(world, import_, filter_).rows] == numbers
    assert [row.number for row in numbered(world, import_, filter_).rows] == numbers


def test_a_created_row_tells_what_its_record_was_made_of(world: ImportWorld) -> None:
    row = listed(world, world.run(SOURCE)).rows[7]

    assert row.outcome is not None
    assert row.outcome.changes is not None
    assert row.outcome.changes.by_field == {
        "email": (None, "n8@example.com"),
        "name": (None, "N8"),
        "status": (None, "active"),
    }


def test_an_updated_row_tells_what_it_changed(world: ImportWorld) -> None:
    world.run(SOURCE)

    (row,) = listed(world, world.run("email,name,notes\nn1@example.com,New,\n")).rows

    assert row.outcome is not None
    assert row.outcome.changes is not None
    assert row.outcome.changes.by_field == {"name": ("N1", "New")}


def test_an_unchanged_row_changes_nothing(world: ImportWorld) -> None:
    world.run(SOURCE)

    rows = listed(world, world.run(SOURCE)).rows

    assert [row.outcome.changes for row in rows if row.outcome] == [None] * 8


def test_a_created_row_tells_the_record_that_it_was_linked_to(world: ImportWorld) -> None:
    world.run("name,email\nAnn,ann@example.com\n")

    (row,) = listed(world, world.run("title,customerId\nHelp,ann@example.com\n", resource="tickets")).rows

    assert row.outcome is not None
    assert row.outcome.changes is not None
    assert row.outcome.changes.by_field["customerId"] == (None, world.records()[0].record_id)


def test_a_cursor_is_good_for_its_listing_only(world: ImportWorld) -> None:
    import_, other = world.run(SOURCE), world.run(SOURCE)
    cursor = listed(world, import_, limit=3).cursor

    for which, filter_ in ((other, ALL), (import_, FAILED)):
        with pytest.raises(Refused, match="invalid_cursor"):
            listed(world, which, filter_, cursor=cursor)


def test_a_running_import_has_no_listing_by_cursor_so_far(world: ImportWorld) -> None:
    with pytest.raises(Conflict, match="not_ended"):
        listed(world, world.queue(SOURCE))


def test_rows_that_are_no_longer_kept_are_gone(world: ImportWorld) -> None:
    import_ = world.run(SOURCE)

    world.stores.files.delete_files("work/")

    with pytest.raises(Refused, match="rows_expired"):
        listed(world, import_)
    assert numbered(world, import_) == NumberedRows((), 0, 1, 100)


def test_an_import_that_ended_before_its_first_row_has_none(world: ImportWorld) -> None:
    import_ = replace(world.queue(SOURCE), status=Status.EXPIRED)

    assert listed(world, import_) == RowsByCursor((), None)


def test_a_page_of_those_selected_knows_how_many_there_are(world: ImportWorld) -> None:
    listing = numbered(world, world.run(SOURCE), RowFilter(outcome=Outcome.CREATED), page=2, per_page=4)

    assert ([row.number for row in listing.rows], listing.total) == ([7, 8], 6)


def test_rows_of_json_are_listed_as_objects(world: ImportWorld) -> None:
    import_ = world.run('[{"name": "Ann", "tags": ["a"]}]')

    assert [row.given for row in listed(world, import_).rows] == [{"name": "Ann", "tags": ["a"]}]


def test_deleted_rows_tell_their_record(world: ImportWorld) -> None:
    world.run(SOURCE)

    (row,) = listed(world, world.run("email\nn1@example.com\n", action=Action.DELETE)).rows

    assert row.outcome is not None
    assert (row.outcome.outcome, row.outcome.changes) == (Outcome.DELETED, None)
    assert row.outcome.record_id


def test_an_import_that_has_not_begun_has_no_numbered_rows(world: ImportWorld) -> None:
    assert numbered(world, world.queue(SOURCE)) == NumberedRows((), 0, 1, 100)


def test_while_an_import_runs_its_first_batch_is_shown() -> None:
    world = ImportWorld(limits=Limits(batch_rows=3, small_source_bytes=0))
    running = replace(world.run(SOURCE), status=Status.PROCESSING)

    listing = numbered(world, running)

    assert ([row.number for row in listing.rows], listing.total) == ([1, 2, 3], 3)


def test_a_request_looks_into_so_many_pages_and_its_cursor_leads_on() -> None:
    world = ImportWorld(limits=Limits(batch_rows=1, row_pages=3))
    import_ = world.run(SOURCE + "\n")

    assert walked(world, import_, limit=500) == [[1, 2, 3], [4, 5, 6], [7, 8]]


def test_rows_that_are_too_long_for_one_answer_are_behind_its_cursor() -> None:
    world = ImportWorld(limits=Limits(listed_rows_bytes=100))
    import_ = world.run("\n".join(["name,email,notes", *(f"N{n},n{n}@x.com,{'x' * 40 * n}" for n in range(1, 4)), ""]))

    assert walked(world, import_, limit=500) == [[1], [2], [3]]


def test_a_numbered_page_of_long_rows_is_a_page_of_fewer_that_leads_on_without_a_gap() -> None:
    world = ImportWorld(limits=Limits(listed_rows_bytes=1_000))
    rows = [f"N{n},n{n}@x.com,{'x' * (400 if n % 3 else 20)}" for n in range(1, 31)]
    import_ = world.run("\n".join(["name,email,notes", *rows, ""]))
    seen: list[int] = []
    page, per_page = 1, 10

    while len(seen) < 30:
        found = numbered(world, import_, page=page, per_page=per_page)
        assert (found.total, 0 < len(found.rows) <= found.per_page <= per_page) == (30, True)
        assert (found.page - 1) * found.per_page == (page - 1) * per_page
        seen += [row.number for row in found.rows]
        page, per_page = found.page + 1, found.per_page

    assert seen == [*range(1, 31)]
    assert per_page < 10


@pytest.mark.parametrize("email", ["n@x.com", "wrong"], ids=["what it changes", "what is wrong with it"])
def test_what_is_told_of_a_row_makes_it_longer(email: str) -> None:
    world = ImportWorld(limits=Limits(listed_rows_bytes=1_000))
    world.run("name,email,notes\n" + "".join(f"N{n},{n}n@x.com,{'x' * 80}\n" for n in range(10)))

    plain = world.run("name,email\n" + "".join(f"N{n},{n}n@x.com\n" for n in range(10)))
    told = world.run("name,email,notes\n" + "".join(f"N{n},{n}{email},y\n" for n in range(10)))

    assert len(numbered(world, plain, per_page=10).rows) == 10
    assert len(numbered(world, told, per_page=10).rows) < 10


def test_the_id_of_a_record_is_none_of_the_fields_that_a_row_has_given_it(world: ImportWorld) -> None:
    (row,) = listed(world, world.run("id,name,email\ncus_mine,Ann,ann@x.com\n")).rows

    assert row.outcome is not None
    assert row.outcome.changes is not None
    assert {*row.outcome.changes.by_field} >= {"name", "email"}
    assert "id" not in row.outcome.changes.by_field


def test_rows_of_an_import_that_is_read_again_are_those_of_its_attempt(world: ImportWorld) -> None:
    import_ = world.queue(SOURCE)
    run_import(world.machine, import_)

    with pytest.raises(Refused, match="rows_expired"):
        listed(world, replace(world.get(import_), attempt=2))


def test_a_page_whose_rows_are_of_too_many_kinds_to_count_is_looked_into() -> None:
    world = ImportWorld()
    keys = [f"k{number}" for number in range(KINDS_COUNTED + 1)]
    rows = [{"name": "Ann", "email": f"a{number}@x.com", key: 1} for number, key in enumerate(keys)]
    import_ = world.run(orjson.dumps(rows), rules=RowRules(refuses_unknown_fields=True))

    found = numbered(world, import_, FAILED, page=3, per_page=10)

    assert [row.number for row in found.rows] == [*range(21, 31)]
    assert found.total == len(rows)
