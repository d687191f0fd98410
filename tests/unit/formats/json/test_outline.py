"""Which rows a JSON document holds: its only list of objects, itself, or nobody can say."""

import io
import json
from typing import BinaryIO, cast

import pytest
from hypothesis import given as forall
from hypothesis import settings
from hypothesis import strategies as st

from chalicelib.errors import Refused
from chalicelib.formats import RecordNames, Table, open_table
from chalicelib.model.catalogue import RESOURCES
from chalicelib.model.limits import Limits
from chalicelib.model.reading_options import ReadingOptions
from tests.reading import ForwardOnly, codes, given

ROWS: list[object] = [{"email": "a@x.org", "name": "Ann"}, {"email": "b@x.org", "name": "Bob"}]
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


WRAPPED = [
    pytest.param({"contacts": ROWS}, id="under_the_name_of_the_resource"),
    pytest.param({"whatever": ROWS}, id="under_any_name"),
    pytest.param({"meta": {"page": 1}, "data": {"items": ROWS}}, id="behind_an_object"),
    pytest.param({"name": "export 2024", "rows_exported": 2, "contacts": ROWS}, id="beside_a_name"),
    pytest.param({"id": "e1", "name": "export", "status": "ok", "contacts": ROWS}, id="beside_several_common_names"),
    pytest.param({"links": [{"url": None}], "meta": {"links": [{"label": "1"}]}, "data": ROWS}, id="behind_lists"),
    pytest.param({"data": ROWS, "links": [{"url": None}], "errors": []}, id="before_lists"),
    pytest.param({"responseHeader": {"status": 0}, "response": {"numFound": 2, "docs": ROWS}}, id="solr"),
    pytest.param({"result": {"data": {"users": ROWS}}}, id="deep"),
    pytest.param({"@odata.context": "https://x.org/$metadata", "value": ROWS}, id="odata"),
    pytest.param({"object": "list", "url": "/v1/customers", "has_more": False, "data": ROWS}, id="stripe"),
    pytest.param({"_embedded": {"contacts": ROWS}, "_links": {"curies": [{"name": "x"}]}}, id="hal"),
    pytest.param({"schema": {"fields": [{"name": "email"}]}, "data": ROWS}, id="table_schema"),
    pytest.param({"took": 3, "ids": [1, 2], "tags": ["a"], "empty": [], "people": ROWS}, id="among_lists_of_values"),
    pytest.param({"a]}": '"[{', "b": {"c": "}"}, "people": ROWS}, id="among_marks_in_texts"),
    pytest.param({"account": "acme", "results": ROWS}, id="one_field_beside_a_usual_name"),
]


@pytest.mark.parametrize("document", WRAPPED)
@pytest.mark.parametrize("limits", [Limits(), Limits(row_bytes=60)], ids=["looked_through", "streamed"])
def test_the_only_list_of_objects_holds_the_rows(document: object, limits: Limits) -> None:
    assert given(opened(document, limits=limits).rows) == ROWS


@pytest.mark.parametrize(
    ("document", "resource"),
    [
        pytest.param({"email": "a@x.org", "name": "Ann", "groups": GROUPS}, "contacts", id="groups"),
        pytest.param({"groups": GROUPS, "tags": [{"a": 1}], "email": "a@x.org"}, "contacts", id="lists_first"),
        pytest.param({"email": "a@x.org", "customFields": {"a": [{"x": 1}]}}, "customers", id="list_in_an_object"),
        pytest.param({"email": "a@x.org", "customFields": [{"x": 1}]}, "contacts", id="field_of_another_resource"),
        pytest.param({"id": 1, "name": "Ann", "metadata": {"a": [{"x": 1}]}}, "contacts", id="id_and_name"),
        pytest.param({"external_id": "7", "address": [{"city": "Rome"}]}, "contacts", id="address"),
        pytest.param({"name": "VIP", "children": [{"email": "a@x.org"}]}, "groups", id="children"),
        pytest.param({"name": "VIP", "contacts": [{"email": "a@x.org"}]}, "groups", id="alias_of_children"),
        pytest.param({"domain": "x.org", "tags": [{"a": 1}], "unknown": 1}, "companies", id="with_an_unknown_name"),
        pytest.param({"email": "a@x.org", "name": "Ann", "tags": []}, "contacts", id="empty_list"),
        pytest.param(
            {"email": "a@x.org", **{f"metadata{' ' * n}": {"a": [{"x": 1}], "b": []} for n in range(20)}},
            "contacts",
            id="more_lists_than_are_remembered",
        ),
        pytest.param({"name": "Ann", "phone": "1", "orders": []}, "contacts", id="unknown_empty_list"),
        pytest.param({"id": "1", "name": "A", "object": "contact", "metadata": {"a": [[1]]}}, "contacts", id="our_own"),
    ],
)
def test_an_object_that_names_itself_as_a_record_is_the_only_row(document: object, resource: str) -> None:
    assert given(opened(document, resource=resource).rows) == [document]


def test_a_mapped_header_counts_as_the_name_of_a_field() -> None:
    document = {"E-Mail": "a@x.org", "Gruppen": GROUPS}

    assert given(opened(document, email="E-Mail", groups="Gruppen").rows) == [document]


@pytest.mark.parametrize(
    ("document", "candidates"),
    [
        pytest.param({"contacts": ROWS, "companies": GROUPS[:1]}, ["contacts (2 rows)", "companies (1 row)"], id="two"),
        pytest.param({"a": {"b": ROWS}, "c": [ROWS[0]]}, ["a.b (2 rows)", "c (1 row)"], id="two_paths"),
        pytest.param({"email": "a@x.org", "orders": [{"id": 1}]}, ["orders (1 row)"], id="record_with_unknown_list"),
        pytest.param({"name": "A", "phone": "1", "orders": [{"id": 1}]}, ["orders (1 row)"], id="record_without_id"),
        pytest.param({"email": "a@x.org", "items": [{"id": 1}]}, ["items (1 row)"], id="record_with_items"),
        pytest.param({"name": "Ann", "groups": GROUPS}, ["groups (2 rows)"], id="only_a_name"),
        pytest.param({"id": 1, "groups": GROUPS}, ["groups (2 rows)"], id="only_an_id"),
        pytest.param({"data": {"email": "a@x.org", "groups": GROUPS}}, ["data.groups (2 rows)"], id="record_below"),
        pytest.param({"u1": {"email": "a@x.org", "orders": [{}]}}, ["u1.orders (1 row)"], id="record_by_key"),
        pytest.param({"contacts": [], "leads": ROWS}, ["leads (2 rows)"], id="list_of_the_resource_is_empty"),
        pytest.param({"data": [], "leads": ROWS}, ["leads (2 rows)"], id="usual_list_is_empty"),
        pytest.param({"errors": [{"message": "x"}]}, ["errors (1 row)"], id="only_a_list_aside"),
        pytest.param({"data": [None, ROWS[0]]}, ["data (1 row)"], id="not_objects_only"),
    ],
)
def test_where_it_is_unclear_which_rows_are_meant_the_lists_are_named(document: object, candidates: list[str]) -> None:
    refusal = refusal_of(document)

    assert (refusal.code, refusal.details["candidates"]) == ("ambiguous_list", candidates)
    assert ", ".join(candidates) in refusal.message


def test_a_record_too_large_to_be_a_row_is_refused_instead_of_its_list_read() -> None:
    document = {"groups": [{"name": "A"}] * 100, "email": "a@x.org", "name": "Ann"}

    assert refusal_of(document, limits=SMALL).code == "ambiguous_list"


def test_a_refusal_names_eight_lists_and_counts_the_others() -> None:
    refusal = refusal_of({f"list{n}": [{"a": n}] for n in range(12)})

    assert refusal.details["candidates"] == [*(f"list{n} (1 row)" for n in range(8)), "4 more"]


@pytest.mark.parametrize(
    "document",
    [
        {"contacts": []},
        {"status": "ok", "data": []},
        {"meta": {"page": 1}, "data": {"items": []}},
        {"errors": [{"message": "x"}], "data": []},
        {"people": []},
    ],
)
def test_an_empty_list_has_no_rows(document: object) -> None:
    assert list(opened(document).rows) == []


@pytest.mark.parametrize(
    ("document", "name"),
    [
        pytest.param({"value": ROWS, "@odata.nextLink": "https://x.org/2"}, "@odata.nextLink", id="odata"),
        pytest.param({"links": {"next": "https://x.org/2"}, "data": ROWS}, "next", id="links"),
        pytest.param({"data": ROWS, "has_more": True}, "has_more", id="stripe"),
        pytest.param({"records": ROWS, "nextRecordsUrl": "/x"}, "nextRecordsUrl", id="salesforce"),
        pytest.param({"results": ROWS, "paging": {"next": {"after": "2"}}}, "next", id="hubspot"),
        pytest.param({"data": ROWS, "next_page_token": "x"}, "next_page_token", id="token"),
        pytest.param({"data": ROWS, "next": None}, None, id="null"),
        pytest.param({"data": ROWS, "has_more": False}, None, id="false"),
        pytest.param({"data": ROWS, "next": ""}, None, id="nothing"),
        pytest.param({"data": [{"email": "a@x.org", "next": "b"}]}, None, id="in_a_row"),
    ],
)
@pytest.mark.parametrize("limits", [Limits(), Limits(row_bytes=60)], ids=["looked_through", "streamed"])
def test_a_page_of_several_is_told(document: object, name: str | None, limits: Limits) -> None:
    table = opened(document, limits=limits)
    list(table.rows)

    assert [problem.field for problem in table.find_more()] == ([name] if name else [])
    assert codes(table.find_more()) == (["more_pages"] if name else [])


names = st.sampled_from(
    [
        "data",
        "items",
        "result",
        "contacts",
        "people",
        "x",
        "meta",
        "links",
        "name",
        "email",
        "groups",
        "total",
        "errors",
    ]
)
scalars = st.sampled_from([None, True, 1, "a", ""]) | st.lists(st.integers(), max_size=2)
rows = st.lists(st.fixed_dictionaries({"email": st.sampled_from(["a@x.org", "b@x.org"])}), min_size=1, max_size=4)
wrappers = st.recursive(
    rows | scalars, lambda inner: st.dictionaries(names, inner, min_size=1, max_size=3), max_leaves=6
)


def lists_in(document: object) -> list[object]:
    """All lists of objects that are neither inside of another one nor aside."""
    if isinstance(document, dict):
        apart = [one for name, one in document.items() if name not in ("meta", "links", "errors")]
        return [found for one in apart for found in lists_in(one)]
    return [document] if isinstance(document, list) and document and isinstance(document[0], dict) else []


@settings(max_examples=400, deadline=None)
@forall(st.dictionaries(names, wrappers, min_size=1, max_size=4), st.sampled_from([30, 1 << 20]), st.integers(1, 99))
def test_a_wrapper_gives_one_list_or_itself_or_nothing(document: dict[str, object], row_bytes: int, most: int) -> None:
    stream = cast(BinaryIO, ForwardOnly(json.dumps(document).encode(), most))
    record_names = RecordNames.of(RESOURCES["contacts"])
    found = lists_in(document)

    try:
        read = given(open_table(stream, ReadingOptions(), Limits(row_bytes=row_bytes), record_names=record_names).rows)
    except Refused:
        return
    if found and read == [document]:
        assert document["email"] is not None
        return
    assert not found or read in found
    if not found:
        assert read in ([], [document])
