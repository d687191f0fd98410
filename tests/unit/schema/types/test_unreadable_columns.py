"""Cells that nobody can read leave nothing behind that only the garbage collector could find: it runs seldom."""

import gc
from collections.abc import Iterator

import pytest

from chalicelib.model.limits import Limits
from chalicelib.model.resources import Field, FieldType
from chalicelib.schema.types.columnar import column_reader_of
from chalicelib.schema.types.value_reader import InvalidValue

ODD = ("30.2.2023", "2023-02-30T10:00:00Z", "03/04/2024", "jane@", "+1", "http://[", "banana", "{", "1,2,3.4", "\x00")


@pytest.fixture
def uncollected() -> Iterator[None]:
    gc.collect()
    gc.disable()
    yield
    gc.enable()


@pytest.mark.parametrize("kind", FieldType)
def test_a_finding_holds_on_to_nothing(kind: FieldType, uncollected: None) -> None:
    reader = column_reader_of(Field(name="it", type=kind, choices=("active",)), Limits())
    reader.read(ODD)
    gc.collect()

    findings, is_flawed = reader.read(ODD)

    assert is_flawed == any(isinstance(one, InvalidValue) for one in findings)
    del findings
    assert gc.collect() == 0
