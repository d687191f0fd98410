"""Columns are read as their cells are, and invalid cells leave nothing behind for the garbage collector to find."""

import gc
from collections.abc import Iterator

import pytest

from chalicelib.model.invisible_characters import SEEMINGLY_PRINTABLE
from chalicelib.model.limits import Limits
from chalicelib.model.notations import DecimalSign, Notation
from chalicelib.model.resources import Field, FieldType
from chalicelib.model.rows import NumberText
from chalicelib.schema.types.columnar import REMEMBERED_CELLS, column_reader_of
from chalicelib.schema.types.value_reader import InvalidValue

ODD = ("30.2.2023", "2023-02-30T10:00:00Z", "03/04/2024", "jane@", "+1", "http://[", "banana", "{", "1,2,3.4", "\x00")


@pytest.fixture
def uncollected() -> Iterator[None]:
    gc.collect()
    gc.disable()
    yield
    gc.enable()


@pytest.mark.parametrize("kind", FieldType)
def test_an_invalid_value_keeps_nothing_alive(kind: FieldType, uncollected: None) -> None:
    reader = column_reader_of(Field(name="it", type=kind, choices=("active",)), Limits())
    reader.read(ODD)
    gc.collect()

    values, has_invalid = reader.read(ODD)

    assert has_invalid == any(isinstance(one, InvalidValue) for one in values)
    del values
    assert gc.collect() == 0


@pytest.mark.parametrize(
    ("kind", "cells", "values"),
    [
        pytest.param(FieldType.TEXT, ["a ", "", "\u200bb"], ["a", None, "b"], id="text"),
        pytest.param(FieldType.TEXT, ["a ", "", "b"], ["a", None, "b"], id="plain text"),
        pytest.param(FieldType.TEXT, ["é", "b\u3164"], ["é", "b"], id="a seemingly printable character"),
        pytest.param(FieldType.TEXT, ["é", "".join(SEEMINGLY_PRINTABLE)], ["é", None], id="all of them"),
        pytest.param(FieldType.EMAIL, ["a@x.com", "", "B@X.COM"], ["a@x.com", None, "B@x.com"], id="e-mail"),
        pytest.param(FieldType.BOOLEAN, ["yes", " ", "no", "yes"], [True, None, False, True], id="remembered"),
        pytest.param(FieldType.BOOLEAN, ["yes", "\u200b"], [True, None], id="invisible"),
        pytest.param(FieldType.LIST, ["a,b", " , "], [["a", "b"], None], id="separators only"),
    ],
)
def test_a_column_has_one_value_for_each_cell(kind: FieldType, cells: list[str], values: list[object]) -> None:
    assert column_reader_of(Field(name="it", type=kind), Limits()).read(cells) == (values, False)


def test_a_number_cell_is_not_read_as_the_same_text_was() -> None:
    reader = column_reader_of(Field(name="it", type=FieldType.DECIMAL), Limits())

    (text, number), has_invalid = reader.read(["1.234", NumberText("1.234")])

    assert (isinstance(text, InvalidValue), number, has_invalid) == (True, "1.234", True)


def test_a_number_cell_is_not_taken_for_a_text_that_is_remembered() -> None:
    notation = Notation(decimal=DecimalSign.COMMA)
    reader = column_reader_of(Field(name="it", type=FieldType.DECIMAL), Limits(), notation)

    assert reader.read(["1.234"]) == (["1234"], False)
    assert reader.read(["1.234", NumberText("1.234")]) == (["1234", "1.234"], False)


def test_more_cells_than_are_remembered_are_read_all_the_same() -> None:
    reader = column_reader_of(Field(name="it", type=FieldType.INTEGER), Limits())
    numbers = range(REMEMBERED_CELLS + 10)

    assert reader.read([*map(str, numbers)]) == ([*numbers], False)
