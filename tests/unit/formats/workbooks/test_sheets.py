"""What the rows of a sheet come to is bounded, however few bytes stand for them."""

import pytest

from chalicelib.model.limits import Limits
from tests.reading import refusal_of, rows_of
from tests.workbooks import packed, parts, workbook

SMALL = Limits(workbook_expanded_bytes=1_000_000)


def cell(place: str, value: int = 0, kind: str = "s") -> str:
    return f'<c r="{place}" t="{kind}"><v>{value}</v></c>'


def test_shared_texts_that_expand_beyond_the_limit_are_refused() -> None:
    rows = "".join(f'<row r="{row}">{cell(f"A{row}")}</row>' for row in range(1, 3_001))
    content = packed(parts(rows, ["x" * 1_000]).items())

    assert len(content) < 20_000
    assert refusal_of(content, limits=SMALL).code == "expansion_refused"


def test_texts_of_cells_without_a_place_are_measured_too() -> None:
    rows = "<row>" + "<c t = 's'><v>0</v></c>" * 3_000 + "</row>"

    assert refusal_of(packed(parts(rows, ["x" * 1_000]).items()), limits=SMALL).code == "expansion_refused"


def test_many_short_texts_and_a_long_one_are_read() -> None:
    rows = "".join(f'<row r="{row}">{cell(f"A{row}", 1)}</row>' for row in range(1, 3_001))

    assert len(rows_of(packed(parts(rows, ["x" * 1_000, "y"]).items()), limits=SMALL)) == 2_999


def test_many_rows_with_a_cell_far_away_are_refused() -> None:
    rows = f'<row r="1">{cell("A1")}</row>' + "".join(
        f'<row r="{row}">{cell(f"XFD{row}")}</row>' for row in range(2, 99)
    )

    assert refusal_of(packed(parts(rows, ["x"]).items()), limits=SMALL).code == "expansion_refused"


@pytest.mark.parametrize("rows", [50, 51])
def test_rows_are_limited(rows: int) -> None:
    content = workbook({"S": [["a"], *([number] for number in range(rows - 1))]})

    if rows == 50:
        assert len(rows_of(content, limits=Limits(sheet_rows=50))) == 49
    else:
        assert refusal_of(content, limits=Limits(sheet_rows=50)).code == "too_many_rows"
