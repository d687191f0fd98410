"""JSON documents: lists of objects, however they are wrapped, cut and broken."""

import json
from decimal import Decimal

import pytest
from hypothesis import given as forall
from hypothesis import settings
from hypothesis import strategies as st

from chalicelib.model.reading_options import ReadingOptions
from tests.reading import codes, found, given, opened, opened_bytewise, refusal_of, rows_of

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(codec="utf-8")),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=10,
)
objects = st.dictionaries(st.text(st.characters(codec="utf-8"), max_size=8), values, max_size=4)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param('[{"a":1},{"a":2}]', id="tight"),
        pytest.param(' \r\n[ {"a" : 1} ,\n\t{"a" : 2} ]\n ', id="loose"),
        pytest.param('{"records":[{"a":1},{"a":2}]}', id="wrapped"),
        pytest.param('{"total":2,"next":null,"Data": [{"a":1},{"a":2}],"more":[1]}', id="wrapped_among_others"),
        pytest.param('[{"a":1},{"a":2}]\x1a', id="end_mark"),
        pytest.param('{"records":[{"a":1},{"a":2}]}\r\n\x1a\r\n', id="end_mark_behind_a_line"),
        pytest.param('\ufeff[{"a":1},{"a":2}]', id="marked"),
    ],
)
def test_the_rows_of_a_document_are_its_objects(content: str) -> None:
    table = opened(content)
    rows = list(table.rows)

    assert table.format == "json"
    assert found(rows) == [(1, 1, []), (2, 2, [])]
    assert given(rows) == [{"a": 1}, {"a": 2}]


@pytest.mark.parametrize(
    "content",
    [
        pytest.param('{"email":"a@x.org","tags":[{"b":2}]}', id="one_line"),
        pytest.param('{\n  "tags": [{"b": 2}],\n  "email": "a@x.org"\n}\n', id="pretty"),
    ],
)
def test_an_object_with_an_identity_and_a_list_under_a_field_is_the_only_row(content: str) -> None:
    assert given(opened(content).rows) == [{"email": "a@x.org", "tags": [{"b": 2}]}]


@pytest.mark.parametrize("content", ["[]", " [ ] \n", '{"records":[]}'])
def test_an_empty_list_has_no_rows(content: str) -> None:
    assert list(opened(content).rows) == []


@settings(max_examples=60, deadline=None)
@forall(st.lists(objects, max_size=6), st.sampled_from([None, 2]), st.booleans(), st.sampled_from([1, 5, 4096]))
def test_what_was_written_is_read(
    rows: list[dict[str, object]], indent: int | None, ascii_only: bool, most: int
) -> None:
    rows = [{"name": "A", **row} for row in rows]
    content = json.dumps(rows, indent=indent, ensure_ascii=ascii_only).encode()

    read = list(opened_bytewise(content, most=most).rows)

    assert [row.given for row in read] == rows
    assert not any(row.problems for row in read)


def test_numbers_stay_exact() -> None:
    rows = rows_of('[{"a":12345678901234567890123},{"a":0.10}]')

    assert given(rows) == [{"a": 12345678901234567890123}, {"a": Decimal("0.10")}]


def test_a_bad_element_fails_alone() -> None:
    rows = rows_of('[{"a":1},{"a":NaN},[{"a":2}],"x",{"a":"]}"},nul,{"a":3}]')

    assert [codes(row.problems) for row in rows] == [
        [], ["invalid_json"], ["not_an_object"], ["not_an_object"], [], ["invalid_json"], [],
    ]  # fmt: skip
    assert rows[-1].given == {"a": 3}


@pytest.mark.parametrize(
    "content",
    ['[{"a":1', "[1,]", "[nul]", '{"a":1,}', '["a" "b"]', "{]", '[{"a":"\x01"}]', "[\n1\n", "{'a':1}", "[{}", "[{},{}"],
)
def test_a_document_without_a_single_readable_row_is_refused(content: str) -> None:
    refusal = refusal_of(content.encode(), ReadingOptions(format="json"))

    assert refusal.code == "invalid_json"


def test_a_list_of_single_values_is_no_list_of_rows() -> None:
    assert [codes(row.problems) for row in rows_of("[1,2]")] == [["not_an_object"], ["not_an_object"]]
