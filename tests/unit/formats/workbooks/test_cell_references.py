"""Names of columns and cells, as spreadsheets have them."""

import pytest

from chalicelib.formats.workbooks.cell_references import MOST_COLUMNS, cell_reference, column_letters, column_number


@pytest.mark.parametrize(
    ("number", "letters"), [(1, "A"), (26, "Z"), (27, "AA"), (52, "AZ"), (702, "ZZ"), (703, "AAA"), (16_384, "XFD")]
)
def test_columns_have_letters(number: int, letters: str) -> None:
    assert (column_letters(number), column_number(letters), column_number(letters.lower())) == (letters, number, number)


def test_every_column_is_found_by_its_letters() -> None:
    assert [column_number(column_letters(number)) for number in range(1, MOST_COLUMNS + 1)] == [
        *range(1, MOST_COLUMNS + 1)
    ]


@pytest.mark.parametrize("letters", ["", "XFE", "A1", "É", "A B", "ZZZZZZZZ"])
def test_other_texts_name_no_column(letters: str) -> None:
    assert column_number(letters) == 0


def test_a_cell_is_named_by_its_column_and_its_row() -> None:
    assert cell_reference(3, 2) == "B3"
