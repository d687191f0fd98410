"""Rows that mean the same stored record are duplicates, as rows with the same identity are."""

from chalicelib.imports.phases.duplicates import DuplicateRow, KeyedRows
from chalicelib.imports.phases.parsing import parse
from chalicelib.model.identity_keys import id_key
from chalicelib.model.imports import DuplicateHandling


def test_rows_that_mean_one_record_by_different_identities_are_duplicates() -> None:
    rows = [KeyedRows(0, [id_key("cus_1"), id_key("cus_2")], [1, 2]), KeyedRows(4, [id_key("cus_1")], [80_001])]

    assert [*parse(lambda: rows, DuplicateHandling.USE_FIRST)] == [(4, [DuplicateRow(4, 80_001, "id:cus_1", 1)])]
