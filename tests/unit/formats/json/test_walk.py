"""The way through a document: what lies around its rows is looked at, too."""

import io
import json

import pytest
from hypothesis import strategies as st

from chalicelib.errors import Refused
from chalicelib.formats import RecordNames, Table, open_table
from chalicelib.model.catalogue import RESOURCES
from chalicelib.model.limits import Limits
from chalicelib.model.reading_options import ReadingOptions
from tests.reading import codes

GROUPS = [{"name": "A"}, {"name": "B"}]
SMALL = Limits(row_bytes=400)
"""Documents above this are read without being looked through first."""


def opened(document: object, *, resource: str = "contacts", limits: Limits | None = None, **mapping: str) -> Table:
    content = document.encode() if isinstance(document, str) else json.dumps(document).encode()
    record_names = RecordNames.of(RESOURCES[resource], mapping)
    return open_table(
        io.BytesIO(content), ReadingOptions(), limits or Limits(), filename="x.json", record_names=record_names
    )


def refusal_of(document: object, *, resource: str = "contacts", limits: Limits | None = None) -> Refused:
    with pytest.raises(Refused) as refusal:
        list(opened(document, resource=resource, limits=limits).rows)
    return refusal.value


def test_a_second_list_behind_many_rows_is_not_dropped() -> None:
    many = [{"email": f"a{n}@x.org"} for n in range(1_000)]

    refusal = refusal_of({"contacts": many, "companies": GROUPS}, limits=SMALL)

    assert refusal.code == "ambiguous_list"
    assert refusal.details["candidates"] == ["contacts (1000 rows)", "companies (2 rows)"]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        pytest.param('{"data":[{"a":1}]', ["truncated_source"], id="no_closing_brace"),
        pytest.param('{"data":[{"a":1}', ["truncated_source"], id="no_closing_bracket"),
        pytest.param('{"data":[{"a":1}],"x":', ["truncated_source"], id="cut_behind_the_list"),
        pytest.param('{"data":[{"a":1}] x}', ["invalid_json"], id="junk_in_the_object"),
        pytest.param('{"data":[{"a":1}]} x', ["invalid_json"], id="junk_behind"),
        pytest.param('{"data":[{"a":1}],"b":tru}', ["invalid_json"], id="no_value_behind"),
        pytest.param('{"data":[{"a":1}],}', ["invalid_json"], id="comma_too_many"),
        pytest.param('{"data":[{"a":1}]}{"data":[]}', ["invalid_json"], id="two_documents"),
        pytest.param('{"data":[{"a":1},],"x":1}', ["invalid_json"], id="comma_in_the_list"),
    ],
)
def test_what_breaks_the_document_around_the_rows_is_an_error_row(content: str, expected: list[str]) -> None:
    rows = list(opened(content).rows)

    assert [codes(row.problems) for row in rows] == [[], expected]


def test_a_document_nested_too_deeply_is_refused() -> None:
    assert refusal_of('{"a":' * 100 + "1" + "}" * 100).code == "invalid_json"


rows = st.lists(st.fixed_dictionaries({"email": st.sampled_from(["a@x.org", "b@x.org"])}), min_size=1, max_size=4)
