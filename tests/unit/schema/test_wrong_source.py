"""Which sources are refused as a whole."""

from dataclasses import replace

import pytest

from chalicelib.errors import Refused
from chalicelib.model.catalogue import RESOURCES
from chalicelib.model.imports import Action
from chalicelib.model.limits import DEFAULT_LIMITS
from chalicelib.model.resources import Field, FieldType, Identity, Resource
from chalicelib.model.row_rules import RowRules
from chalicelib.schema.column_mapping import ColumnMapping
from chalicelib.schema.key_mapping import KeyMapping
from chalicelib.schema.wrong_source import (
    SourceHeaders,
    check_source,
    feeds_identity,
    find_mostly_unknown,
    is_fit,
    map_headers,
)
from tests.world import an_import

SHELVES = Resource(
    name="shelves",
    singular="shelf",
    id_prefix="shf",
    fields=(
        Field(name="room"),
        Field(name="number"),
        Field(name="site", type=FieldType.LIST),
        Field(name="label"),
        Field(name="age", is_computed=True),
    ),
    identities=(Identity(("room", "number")), Identity(("label", "site"))),
    location_field="site",
)
OVERWRITE = an_import(action=Action.OVERWRITE, resource="shelves")


@pytest.mark.parametrize(
    ("fed", "location_id", "expected"),
    [
        pytest.param({"room", "number"}, None, True, id="all fields of an identity"),
        pytest.param({"room"}, None, False, id="half an identity"),
        pytest.param({"room", "label"}, None, False, id="half of each"),
        pytest.param({"label"}, None, False, id="without its location"),
        pytest.param({"label"}, "Berlin", True, id="completed by the import's location"),
        pytest.param({"site"}, "Berlin", False, id="a location alone"),
        pytest.param(set(), "Berlin", False, id="nothing but the import's location"),
    ],
)
def test_an_identity_of_several_fields_needs_all_of_them(
    fed: set[str], location_id: str | None, expected: bool
) -> None:
    assert feeds_identity(replace(OVERWRITE, location_id=location_id), SHELVES, fed) is expected


@pytest.mark.parametrize(
    ("resource", "fed", "expected"),
    [
        pytest.param("users", {"current_email"}, True, id="stand-in"),
        pytest.param("users", {"full_name"}, False, id="no identity"),
        pytest.param("contacts", {"phone", "name"}, False, id="match fields are none"),
        pytest.param("companies", {"domain"}, True, id="the last of them"),
        pytest.param("groups", {"name"}, True, id="a name that is one"),
        pytest.param("customers", {"id"}, True, id="id"),
    ],
)
def test_says_whether_a_source_can_name_records(resource: str, fed: set[str], expected: bool) -> None:
    assert feeds_identity(OVERWRITE, RESOURCES[resource], fed) is expected


def test_match_fields_name_records_where_any_field_may_match() -> None:
    import_ = replace(OVERWRITE, rules=RowRules(matches_any_field=True))

    assert feeds_identity(import_, RESOURCES["contacts"], {"phone"})


@pytest.mark.parametrize(
    ("action", "headers", "fed", "code"),
    [
        pytest.param(Action.MERGE, ["x", "age"], set(), "no_known_header", id="nothing known"),
        pytest.param(Action.OVERWRITE, ["x"], set(), "no_known_header", id="which is judged first"),
        pytest.param(Action.CREATE, ["room"], {"room"}, None, id="creating needs no identity"),
        pytest.param(Action.MERGE, ["room"], {"room"}, None, id="merging needs none"),
        pytest.param(Action.OVERWRITE, ["room"], {"room"}, "no_identity_column", id="overwrite"),
        pytest.param(Action.UPDATE, ["room"], {"room"}, "no_identity_column", id="update"),
        pytest.param(Action.DELETE, ["room"], {"room"}, "no_identity_column", id="delete"),
        pytest.param(Action.DELETE, ["room", "number"], {"room", "number"}, None, id="a whole identity"),
        pytest.param(Action.MERGE, [], set(), None, id="no keys at all"),
        pytest.param(Action.OVERWRITE, [], set(), "no_identity_column", id="no keys for an overwrite"),
    ],
)
def test_refuses_sources_that_cannot_be_meant(
    action: Action, headers: list[str], fed: set[str], code: str | None
) -> None:
    import_ = replace(OVERWRITE, action=action)

    assert refusal_of(import_, SourceHeaders(headers, fed)) == code
    assert is_fit(import_, SHELVES, fed) is (code is None and bool(fed))


@pytest.mark.parametrize(
    ("action", "fed", "code"),
    [
        pytest.param(Action.MERGE, {"room", "number"}, None, id="a stated identity"),
        pytest.param(Action.MERGE, {"label", "site"}, "no_identity_column", id="another identity alone"),
        pytest.param(Action.UPDATE, {"label", "site"}, "no_identity_column", id="for an update, too"),
        pytest.param(Action.CREATE, {"label", "site"}, None, id="creating needs none"),
    ],
)
def test_rows_that_are_matched_by_stated_identities_must_give_one(
    action: Action, fed: set[str], code: str | None
) -> None:
    import_ = replace(OVERWRITE, action=action, rules=RowRules(match_by=("room+number",)))

    assert refusal_of(import_, SourceHeaders(sorted(fed), fed)) == code
    assert is_fit(import_, SHELVES, fed) is (code is None)


def refusal_of(import_: object, seen: SourceHeaders) -> str | None:
    try:
        check_source(import_, SHELVES, seen)  # type: ignore[arg-type] # an import
    except Refused as refusal:
        return refusal.code
    return None


def test_a_mapping_that_does_not_fit_is_refused_first() -> None:
    import_ = replace(OVERWRITE, column_mapping={"room": "Raum"})

    with pytest.raises(Refused) as refusal:
        map_headers(import_, SHELVES, ("Zimmer", "Nummer"), DEFAULT_LIMITS)

    assert refusal.value.code == "invalid_column_mapping"


@pytest.mark.parametrize(
    ("headers", "expected"), [(("room", "number"), ColumnMapping), ((), KeyMapping)], ids=["columns", "keys"]
)
def test_where_there_is_no_header_line_keys_are_mapped(headers: tuple[str, ...], expected: type) -> None:
    assert type(map_headers(OVERWRITE, SHELVES, headers, DEFAULT_LIMITS)) is expected


def test_a_message_lists_some_of_many_headers() -> None:
    with pytest.raises(Refused) as refusal:
        check_source(OVERWRITE, SHELVES, SourceHeaders([f"h{n}" for n in range(30)], set()))

    assert "it has: h0, h1, h2, " in str(refusal.value)
    assert "h19 and 10 more. Check" in str(refusal.value)


def test_a_message_lists_all_of_few_headers() -> None:
    with pytest.raises(Refused) as refusal:
        check_source(OVERWRITE, SHELVES, SourceHeaders([f"h{n}" for n in range(20)], set()))

    assert "h19. Check" in str(refusal.value)


@pytest.mark.parametrize(("headers", "listed"), [(["room", "x"], "room, x"), ([], "none")])
def test_a_message_about_identities_says_which_headers_there_are(headers: list[str], listed: str) -> None:
    with pytest.raises(Refused) as refusal:
        check_source(OVERWRITE, SHELVES, SourceHeaders(headers, {"room"}))

    assert f"feeds any of them; it has: {listed}. Rename" in str(refusal.value)


@pytest.mark.parametrize(
    ("headers", "mapping", "unknown"),
    [
        pytest.param(["room", "a", "b"], {}, "a, b", id="most"),
        pytest.param(["room", "number", "a", "b"], {}, None, id="half"),
        pytest.param(["room", "a", "b"], {"label": "a"}, None, id="mapped"),
        pytest.param(["room", "", " "], {}, None, id="columns without a header"),
        pytest.param(["room", "age", "_row_number"], {}, None, id="fields of the service"),
        pytest.param([], {}, None, id="none"),
    ],
)
def test_finds_out_that_most_headers_are_unknown(
    headers: list[str], mapping: dict[str, str], unknown: str | None
) -> None:
    found = find_mostly_unknown(replace(OVERWRITE, column_mapping=mapping), SHELVES, headers)

    assert (found and found.value) == unknown
