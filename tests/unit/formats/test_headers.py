"""The header line: its cells as names of columns, and what is wrong with them."""

import pytest

from chalicelib.errors import Refused
from chalicelib.model.limits import Limits
from tests.reading import given, opened


def test_equal_and_missing_headers_are_found() -> None:
    table = opened("name,,email,name,name\nAda,x,a@example.com,y,z\n")

    assert table.headers == ("name", "", "email", "name", "name")
    assert [problem.message for problem in table.findings] == [
        "Not read, as there is no header above it: column 2.",
        "The header 'name' is not read: 'name' gives 'name' already.",
    ]


def test_headers_are_stripped_and_cells_are_not() -> None:
    table = opened(" name ,\u00a0email\u00a0\n Ada , x\n")

    assert table.headers == ("name", "email")
    assert given(table.rows) == [[" Ada ", " x"]]


@pytest.mark.parametrize("columns", [8, 9])
def test_columns_are_limited(columns: int) -> None:
    content = ",".join(f"h{number}" for number in range(columns))

    if columns == 8:
        assert len(opened(content, limits=Limits(columns=8)).headers) == 8
        return
    with pytest.raises(Refused, match="too_many_columns: The header line has 9 columns, 8 are allowed"):
        opened(content, limits=Limits(columns=8))


def test_columns_without_a_header_are_told_once() -> None:
    table = opened("email,name,,\na@x.org,Ann,x,y\n")

    assert table.headers == ("email", "name", "", "")
    assert [one.message for one in table.findings] == ["Not read, as there is no header above it: columns 3 to 4."]
