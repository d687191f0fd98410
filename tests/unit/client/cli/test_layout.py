import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from sluice.cli.layout import cut, named, number, padded, size, table, wrapped


@pytest.mark.parametrize(
    ("size_bytes", "text"),
    [(0, "0 B"), (999, "999 B"), (1_000, "1.0 kB"), (1_640_000, "1.6 MB"), (420_000_000, "420 MB"), (10**11, "100 GB")],
)
def test_sizes_are_said_as_people_say_them(size_bytes: int, text: str) -> None:
    assert size(size_bytes) == text


def test_numbers_have_their_thousands_apart() -> None:
    assert number(10514) == "10,514"


@given(st.text(), st.integers(1, 40))
def test_no_text_is_longer_than_its_cells(text: str, cells: int) -> None:
    assert cell_len(cut(text, cells)) <= cells
    assert cell_len(padded(text, cells)) == cells


@given(st.lists(st.tuples(st.text(), st.text(), st.text()), min_size=1))
def test_no_line_of_a_table_is_longer_than_the_terminal(rows: list[tuple[str, str, str]]) -> None:
    rows = [(f"imp_{place}", *row[1:]) for place, row in enumerate(rows)]

    lines = list(table(("id", "name", "status"), rows, 40))

    assert max(map(cell_len, lines)) <= 40
    assert [line.split()[0] for line in lines[1:]] == [row[0] for row in rows]


def test_lines_break_at_spaces() -> None:
    assert wrapped("one two three four", 9) == ["one two", "three", "four"]
    assert wrapped("", 9) == []


def test_controls_are_never_printed() -> None:
    assert cut("a\x1b[2Jb\n", 40) == "a·[2Jb·"


def test_where_an_id_takes_most_of_a_line_each_cell_has_its_own() -> None:
    id_ = "imp_opfgpfdqcigvh7nx4l7276b4xg"

    lines = list(table(("id", "file", "status", "rows"), [(id_, "a.csv", "completed", "10,514")], 40, right=(3,)))

    assert lines == [id_, "  file    a.csv", "  status  completed", "  rows    10,514"]


@given(st.integers(0, 10**9), st.text(), st.integers(40, 80))
def test_numbers_and_ids_are_never_cut(count: int, text: str, width: int) -> None:
    id_ = "exp_opfgpfdqcigvh7nx4l7276b4xg"

    seen = "\n".join(table(("due", "told", "rows", "export"), [("now", text, number(count), id_)], width, right=(2,)))

    assert number(count) in seen
    assert id_ in seen


def test_a_text_stands_behind_its_name_or_below_it() -> None:
    assert list(named("Key", "px_a…  from here", 40)) == ["Key        px_a…  from here"]
    assert list(named("Key", "one two", 15)) == ["Key        one", "           two"]
    assert list(named("Key", "0123456789", 15)) == ["Key", "  0123456789"]
