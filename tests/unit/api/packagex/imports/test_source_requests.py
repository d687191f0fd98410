"""The beginning of a source as it comes along: which texts are bytes, and how many there may be."""

import pytest

from chalicelib.api.packagex.imports.source_requests import SHORTER, PackageXSourceBeginning
from chalicelib.errors import Refused

BEGINNING = PackageXSourceBeginning(data="data:text/csv;base64,bmFtZQo=")


def test_a_data_url_is_the_bytes_that_it_holds() -> None:
    assert BEGINNING.to_content(limit_bytes=5) == b"name\n"


def test_more_than_may_come_along_is_refused_with_what_to_do() -> None:
    with pytest.raises(Refused) as refusal:
        BEGINNING.to_content(limit_bytes=4)

    assert (refusal.value.code, SHORTER in refusal.value.message) == ("too_large", True)
