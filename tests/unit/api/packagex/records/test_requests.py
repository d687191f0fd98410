"""What may be asked of a listing of records."""

import pytest

from chalicelib.api.http.request_model import read_query
from chalicelib.api.packagex.records.requests import DEFAULT_RECORDS, PackageXRecordsQuery
from chalicelib.errors import Refused
from chalicelib.records.service import RecordQuery


def test_everything_unknown_is_a_filter() -> None:
    query = read_query(PackageXRecordsQuery, {"limit": "5", "email": "ann@example.com"}).to_query()

    assert query == RecordQuery(limit=5, cursor=None, filters={"email": "ann@example.com"})


def test_an_empty_cursor_is_none() -> None:
    assert read_query(PackageXRecordsQuery, {"cursor": ""}).to_query() == RecordQuery(
        limit=DEFAULT_RECORDS, cursor=None, filters={}
    )


@pytest.mark.parametrize("limit", ["0", "101", "many"])
def test_a_page_has_1_to_100_records(limit: str) -> None:
    with pytest.raises(Refused) as refusal:
        read_query(PackageXRecordsQuery, {"limit": limit})

    assert refusal.value.param == "limit"
