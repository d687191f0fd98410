"""What became of rows is kept in pages, which an index finds by row and by kind."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.imports.result_files import write_results
from chalicelib.imports.workspace import PageOfRows, RowRange, Workspace
from chalicelib.imports.workspace.row_pages import KINDS_COUNTED, SEGMENT_BATCHES
from chalicelib.model.imports import Import
from chalicelib.model.limits import Limits
from chalicelib.model.rows import Outcome
from chalicelib.stores import memory
from tests.import_world import ImportWorld


def takes_all(range_: RowRange) -> bool:
    return False


def ended(rows: int, *, batch_rows: int, is_wrong: Callable[[int], bool] = lambda n: False) -> tuple[Workspace, Import]:
    world = ImportWorld(limits=Limits(batch_rows=batch_rows))
    lines = [f"N{n},{'wrong' if is_wrong(n) else f'n{n}@example.com'}" for n in range(1, rows + 1)]
    import_ = world.run("\n".join(["name,email", *lines, ""]))
    return Workspace(world.stores.files, import_, attempt_id=""), import_


def pages(workspace: Workspace, skips: Callable[[RowRange], bool] = takes_all) -> list[PageOfRows]:
    return [*workspace.row_pages.each_page(workspace.get_batches(), skips)]


@pytest.mark.parametrize("batch_rows", [20_000, 7])
def test_every_row_stands_on_one_page_in_file_order(batch_rows: int) -> None:
    workspace, _ = ended(30, batch_rows=batch_rows, is_wrong=lambda n: n % 5 == 0)

    found = [one for page in pages(workspace) for one in workspace.row_pages.read_outcomes(page)]

    assert [one.row_number for one in found] == [*range(1, 31)]
    assert [one.row_number for one in found if one.outcome is Outcome.FAILED] == [5, 10, 15, 20, 25, 30]


def test_what_a_page_holds_is_counted_by_outcome_code_and_field() -> None:
    workspace, _ = ended(10, batch_rows=20_000, is_wrong=lambda n: n > 8)

    assert [page.range for page in pages(workspace)] == [
        RowRange(
            1,
            10,
            {"created": 8, "failed": 2, "failed|invalid_email": 2, "failed|invalid_email|email": 2},
        )
    ]


def test_pages_that_are_passed_over_are_not_read() -> None:
    workspace, _ = ended(40, batch_rows=4)

    found = pages(workspace, lambda range_: range_.first_row + range_.rows <= 33)

    assert [page.range.first_row for page in found] == [33, 37]


def test_given_rows_of_a_page_are_read_by_themselves() -> None:
    workspace, _ = ended(40, batch_rows=4)

    last = pages(workspace)[-1]

    assert [row.number for row in workspace.row_pages.read_given(last)] == [37, 38, 39, 40]


def test_rows_without_an_outcome_are_unprocessed() -> None:
    workspace, _ = ended(2, batch_rows=9)

    workspace.row_pages.write(0, {})

    assert [one.outcome for one in workspace.row_pages.read_outcomes(pages(workspace)[0])] == [Outcome.UNPROCESSED] * 2


@given(st.integers(2, 3 * SEGMENT_BATCHES), st.integers(1, 4))
def test_any_row_is_found_through_the_index(batches: int, rows: int) -> None:
    workspace = Workspace(memory.stores().files, ImportWorld().queue("name\n"), attempt_id="")
    ranges = [(batch, RowRange(1 + batch * rows, rows, {"created": rows})) for batch in range(batches)]
    workspace.row_pages.write_index(ranges)
    wanted = batches * rows

    found = [*workspace.row_pages._each_batch(lambda one: not one.first_row <= wanted < one.first_row + one.rows)]

    assert found == [batches - 1]


def test_kinds_that_are_too_many_to_count_are_always_looked_into() -> None:
    workspace = Workspace(memory.stores().files, ImportWorld().queue("name\n"), attempt_id="")
    kinds = [(n, RowRange(1 + n, 1, {f"failed|code|{n}-{m}": 1 for m in range(KINDS_COUNTED)})) for n in range(2)]
    workspace.row_pages.write_index(kinds)
    seen: list[RowRange] = []

    def skips(range_: RowRange) -> bool:
        seen.append(range_)
        return False

    assert [*workspace.row_pages._each_batch(skips)] == [0, 1]
    assert seen[0] == RowRange(1, 2, None)


def test_who_ends_an_import_twice_writes_the_same() -> None:
    world = ImportWorld()
    import_ = world.run("name,email\nAnn,ann@example.com\n")
    context = world.machine._context(import_)
    before = world.stores.files.read_file(f"work/{import_.tenant_id}/{import_.import_id}/1/row_pages/0")

    write_results(context, [])

    assert world.stores.files.read_file(f"work/{import_.tenant_id}/{import_.import_id}/1/row_pages/0") == before
