"""Blocks of rows say the same as their rows one by one."""

import csv
import io

import orjson
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.imports import source_rows as blocks
from chalicelib.imports.row_objects import to_object
from chalicelib.imports.source_rows import OTHER_KEYS, RowValues, to_lines, to_objects

headers = st.lists(st.sampled_from(["name", "", "email", "name", "column 2", "},{"]), max_size=4)
texts = st.sampled_from(["", "Ann", "=1", "},{", 'a "b"', "ä", "x,y"])
values = st.recursive(st.none() | st.booleans() | st.integers(-9, 9) | texts, lambda inner: st.lists(inner, max_size=2))
cells = st.lists(texts, max_size=5)
alike = st.integers(0, 5).flatmap(lambda width: st.lists(st.lists(texts, min_size=width, max_size=width), max_size=6))
mixed = st.lists(cells | st.dictionaries(st.sampled_from(["name", "email", "size"]), values, max_size=3), max_size=6)


@given(alike | mixed, headers)
def test_objects_are_those_of_the_rows(block: list[RowValues], names: list[str]) -> None:
    assert to_objects(block, names) == [orjson.dumps(to_object(row, names)) for row in block]


@given(alike | mixed, headers)
def test_lines_are_those_of_the_rows(block: list[RowValues], names: list[str]) -> None:
    many = block * 16

    assert to_lines(many, names) == b"".join(to_lines([row], names) for row in many)


def test_json_rows_stand_under_their_keys() -> None:
    block: list[RowValues] = [{"a": 1, "c": None, "b": "x"}, {}, {"b": ["y", 2]}]

    lines = [*csv.reader(io.StringIO(to_lines(block, ["a", "b", "c"]).decode()))]

    assert lines == [["1", "x", ""], ["", "", ""], ["", '["y",2]', ""]]


def test_keys_that_share_a_column_stand_there_as_an_object() -> None:
    block: list[RowValues] = [{"a": 1, "b": 2, "c": ["x"]}, {"a": 3}]

    lines = [*csv.reader(io.StringIO(to_lines(block, ["a", OTHER_KEYS]).decode()))]

    assert lines == [["1", '{"b":2,"c":["x"]}'], ["3", ""]]


def test_short_rows_are_filled_up_and_long_ones_kept() -> None:
    assert to_lines([["1"], ["1", "2", "3"]], ["a", "b"]) == b"1,\r\n1,2,3\r\n"


def test_rows_of_many_columns_are_written_in_smaller_blocks() -> None:
    names = [f"c{n}" for n in range(blocks.CELLS)]
    block: list[RowValues] = [{"c0": "x"}, {"c1": "y"}]

    assert to_lines(block, names).split(b"\r\n") == [
        b"x" + b"," * (len(names) - 1),
        b",y" + b"," * (len(names) - 2),
        b"",
    ]
