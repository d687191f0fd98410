"""Columns of flattened records are found in shares and joined."""

import pytest

from chalicelib.errors import Refused
from chalicelib.formats.flatten import FlatColumns


def test_every_entry_gets_a_column_in_the_order_of_the_fields() -> None:
    columns = FlatColumns(["name", "tags", "meta"], limit=10)

    for record in ({"name": "A", "tags": ["x"]}, {"tags": ["x", "y"], "meta": {"k": {"z": 1}, "empty": []}}):
        columns.see(record)

    assert columns.names == ["name", "tags.0", "tags.1", "meta.k.z"]


def test_columns_of_several_shares_are_joined() -> None:
    first, second = FlatColumns(["tags", "b"], limit=10), FlatColumns(["tags", "b"], limit=10)
    first.see({"tags": ["x"], "b": 1})
    second.see({"tags": ["x", "y"]})

    first.join(second)

    assert first.names == ["tags.0", "tags.1", "b"]


def test_more_columns_than_allowed_are_refused() -> None:
    columns = FlatColumns(["meta"], limit=3)

    with pytest.raises(Refused, match="more than 3 columns"):
        columns.see({"meta": {str(number): number for number in range(9)}})
