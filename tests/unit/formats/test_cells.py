"""Blocks of records go through column by column, and come out as each record alone."""

import csv
import io
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.formats.blocks import BLOCK_RECORDS
from chalicelib.formats.cell_values import to_cell
from chalicelib.formats.cells import TableCells
from chalicelib.formats.formulas import DisarmedRows, disarm, keep_raw
from chalicelib.formats.write import render
from chalicelib.model.write_options import Formulas, Nesting, Rendering

COLUMNS = ["a", "b", "c"]
texts = st.text(st.sampled_from("'\t=-+5 a,\"\n\0\x01"), max_size=5) | st.text(max_size=5)
leaves = st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False) | texts
values = leaves | st.lists(texts, max_size=3) | st.dictionaries(texts, leaves, max_size=2)
records = st.lists(st.dictionaries(st.sampled_from(COLUMNS), values), max_size=6)
nestings = st.sampled_from(Nesting)


@given(records, st.sampled_from(Formulas))
@settings(max_examples=200, deadline=None)
def test_a_file_is_what_cell_after_cell_would_be(several: list[dict[str, Any]], formulas: Formulas) -> None:
    marked = disarm if formulas is Formulas.DISARM else keep_raw
    expected = io.StringIO(newline="")
    rows = [[marked(to_cell(record.get(name))) for name in COLUMNS] for record in several]
    csv.writer(expected).writerows([COLUMNS, *rows])

    made = b"".join(render(several, COLUMNS, Rendering(formulas=formulas)))

    assert made == expected.getvalue().encode("utf-8", "surrogatepass")


@given(records, nestings, st.sampled_from(Formulas))
@settings(max_examples=200, deadline=None)
def test_a_block_is_its_records_one_by_one(several: list[dict[str, Any]], nesting: Nesting, formulas: Formulas) -> None:
    told: list[Mapping[str, Any]] = []
    told_alone: list[Mapping[str, Any]] = []
    rendering = Rendering(nesting=nesting, formulas=formulas, time_zone="Europe/Paris")
    cells = TableCells(COLUMNS, rendering, times=["a"], report=DisarmedRows(told.append))
    alone = TableCells(COLUMNS, rendering, times=["a"], report=DisarmedRows(told_alone.append))

    assert cells.texts(several) == [row for record in several for row in alone.texts([record])]
    assert cells.values(several) == [row for record in several for row in alone.values([record])]
    assert [*map(id, told)] == [*map(id, told_alone)]


@pytest.mark.parametrize("at", [0, 1, BLOCK_RECORDS - 1, BLOCK_RECORDS, 2 * BLOCK_RECORDS])
def test_a_formula_is_disarmed_wherever_it_stands(at: int) -> None:
    names = ["plain"] * (2 * BLOCK_RECORDS + 1)
    names[at] = "=1+1"

    lines = b"".join(render([{"a": name} for name in names], ["a"], Rendering())).decode().splitlines()

    assert [number for number, line in enumerate(lines[1:]) if line != '"plain"'] == [at]
    assert lines[at + 1] == '"\'=1+1\t"'


def test_nothing_in_a_single_column_is_still_a_row() -> None:
    assert (
        b"".join(render([{"a": None}, {}, {"a": ""}, {"a": 5}], ["a"], Rendering()))
        == b'"a"\r\n""\r\n""\r\n""\r\n"5"\r\n'
    )


def test_numbers_and_booleans_are_themselves_where_they_may_be() -> None:
    cells = TableCells(COLUMNS, Rendering())
    block: list[dict[str, Any]] = [{"a": -5, "b": True, "c": None}, {"a": "x", "b": 1.5, "c": ["y", "=1"]}]

    assert cells.values(block) == [(-5, True, ""), ("x", "1.5", "y,=1")]
