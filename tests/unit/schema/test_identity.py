"""What rows and records are known by."""

import unicodedata
from dataclasses import replace

import pytest
from hypothesis import example, settings
from hypothesis import given as for_all
from hypothesis import strategies as st

from chalicelib.model.catalogue import RESOURCES
from chalicelib.model.problem_codes import ProblemCode
from chalicelib.model.problems import Problem
from chalicelib.model.resources import Field, Identity, Normalisation, Resource
from chalicelib.model.rows import Draft, Fields
from chalicelib.schema.identity import (
    claimed_keys,
    column_key_finder,
    has_invalid_identity,
    identity_keys,
    match_keys,
    normalised,
)
from chalicelib.schema.merge import created, updated

CUSTOMERS = RESOURCES["customers"]
CONTACTS = RESOURCES["contacts"]
USERS = RESOURCES["users"]
SHELVES = Resource(
    name="shelves",
    singular="shelf",
    id_prefix="shl",
    fields=(Field(name="room"), Field(name="number")),
    identities=(Identity(("room", "number")),),
)


@pytest.mark.parametrize(
    ("normalisation", "one", "other"),
    [
        pytest.param(Normalisation.EXACT, " C-1 ", "C-1", id="space"),
        pytest.param(Normalisation.EXACT, "Cafe\u0301", "Café", id="composed-and-not"),
        pytest.param(Normalisation.CASELESS, "Kylo  REN", "kylo ren", id="case-and-inner-space"),
        pytest.param(Normalisation.CASELESS, "STRASSE", "straße", id="folded"),
        pytest.param(Normalisation.CASELESS, "CAFE\u0301", "café", id="case-and-composition"),
        pytest.param(Normalisation.NAME, "Dr. Bob RAY", "dr bob ray", id="name-point-and-case"),
        pytest.param(Normalisation.NAME, "ACME, Corp.", "Acme-Corp", id="name-comma-and-hyphen"),
        pytest.param(Normalisation.NAME, "Seán O\u2019Brien", "SEA\u0301N OBRIEN", id="name-apostrophe"),
        pytest.param(Normalisation.NAME, "レオナルド・ダ・ヴィンチ", "レオナルド ダ ヴィンチ", id="name-middle-dot"),
        pytest.param(Normalisation.EMAIL, "Jane@EXAMPLE.com", "jane@example.com", id="email-case"),
        pytest.param(Normalisation.EMAIL, "jane@Bücher.example", "jane@xn--bcher-kva.example", id="email-domain"),
        pytest.param(Normalisation.PHONE, "+1 (555) 123-4567", "+15551234567", id="phone-punctuation"),
        pytest.param(Normalisation.PHONE, "0015551234567", "+15551234567", id="phone-double-zero"),
        pytest.param(Normalisation.PHONE, "(555) 0100", "555-0100", id="phone-national"),
    ],
)
def test_spellings_of_one_thing_are_equal(normalisation: Normalisation, one: str, other: str) -> None:
    assert normalised(one, normalisation) == normalised(other, normalisation)


@pytest.mark.parametrize(
    ("normalisation", "one", "other"),
    [
        pytest.param(Normalisation.EXACT, "c-1", "C-1", id="case-counts"),
        pytest.param(Normalisation.EXACT, "a b", "ab", id="space-counts"),
        pytest.param(Normalisation.CASELESS, "kyloren", "kylo ren", id="words"),
        pytest.param(Normalisation.NAME, "C", "C++", id="symbols-count"),
        pytest.param(Normalisation.NAME, "!", "?", id="nothing-but-punctuation"),
        pytest.param(Normalisation.NAME, "\uff01", "\uff1f", id="nothing-but-wide-punctuation"),
        pytest.param(Normalisation.EMAIL, "jane@example.com", "jane@example.org", id="domains"),
        pytest.param(Normalisation.PHONE, "+15551234567", "5551234567", id="country-known-and-not"),
        pytest.param(Normalisation.PHONE, "+15551234567;ext=1", "+15551234567;ext=2", id="extensions"),
    ],
)
def test_different_things_stay_different(normalisation: Normalisation, one: str, other: str) -> None:
    assert normalised(one, normalisation) != normalised(other, normalisation)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("+1 (555) 123-4567", "+15551234567"),
        ("+15551234567;ext=9", "+15551234567;ext=9"),
        ("+", ""),
        ("00", ""),
        ("none;ext=9", ""),
    ],
)
def test_a_phone_number_is_its_digits_and_nothing_without_them(text: str, expected: str) -> None:
    assert normalised(text, Normalisation.PHONE) == expected


@pytest.mark.parametrize("normalisation", Normalisation, ids=str)
@settings(max_examples=100, deadline=None)
@for_all(text=st.text() | st.text("+0125 ();ext=-"))
def test_normalising_twice_changes_nothing(normalisation: Normalisation, text: str) -> None:
    once = normalised(text, normalisation)

    assert normalised(once, normalisation) == once


@settings(max_examples=100, deadline=None)
@for_all(text=st.text(st.characters(categories=["L", "M", "N"])))
def test_composition_never_matters(text: str) -> None:
    composed, decomposed = unicodedata.normalize("NFC", text), unicodedata.normalize("NFD", text)

    for normalisation in (Normalisation.EXACT, Normalisation.CASELESS):
        assert normalised(composed, normalisation) == normalised(decomposed, normalisation)


def test_keys_come_in_the_order_of_identities_and_keep_their_values_to_themselves() -> None:
    keys = identity_keys(CUSTOMERS, {"email": "jane@example.com", "id": "cus_1", "external_id": "C-1"})

    assert keys == [
        "id:cus_1",
        "external_id:05fdf68006a145e215fa9e3a0dc82134",
        "email:7fe45a5b04989b0c9f82b7616b6553a9",
    ]


def test_only_what_is_given_has_a_key() -> None:
    assert identity_keys(CUSTOMERS, {"name": "Jane", "email": None}) == []


def test_a_composite_identity_needs_all_its_fields_and_keeps_them_apart() -> None:
    [one] = identity_keys(SHELVES, {"room": "a", "number": "bc"})
    [other] = identity_keys(SHELVES, {"room": "ab", "number": "c"})

    assert one != other
    assert one.startswith("room+number:")
    assert identity_keys(SHELVES, {"room": "a"}) == []


def test_a_user_is_found_by_the_address_it_has_so_far() -> None:
    changing = identity_keys(USERS, {"current_email": "old@example.com", "email": "new@example.com"})

    assert changing == identity_keys(USERS, {"email": "OLD@example.com"})


def test_match_keys_are_those_of_the_match_fields() -> None:
    keys = match_keys(CONTACTS, {"name": "Alice Martin", "phone": "+15551234567", "email": "a@example.com"})

    assert [key.partition(":")[0] for key in keys] == ["phone", "name"]


def test_a_name_matches_its_parts() -> None:
    assert match_keys(CONTACTS, {"first_name": "alice", "last_name": "MARTIN"}) == match_keys(
        CONTACTS, {"name": "Alice Martin"}
    )


@pytest.mark.parametrize(
    ("problem", "expected"),
    [
        pytest.param(Problem(ProblemCode.INVALID_EMAIL, 1, 2, "email"), True, id="identity"),
        pytest.param(Problem(ProblemCode.INVALID_PHONE, 1, 2, "phone"), False, id="another-field"),
        pytest.param(Problem(ProblemCode.REQUIRED, 1, 2, "email"), False, id="nothing-to-read"),
        pytest.param(Problem(ProblemCode.PROTECTED_FIELD, 1, 2, "id"), False, id="warning"),
        pytest.param(Problem(ProblemCode.NOT_FOUND, 1, 2), False, id="not-about-reading"),
    ],
)
def test_knows_rows_whose_identity_is_invalid(problem: Problem, expected: bool) -> None:
    assert has_invalid_identity(CUSTOMERS, [problem]) is expected
    assert has_invalid_identity(CUSTOMERS, []) is False


def test_the_stand_in_of_an_identity_names_a_record_too() -> None:
    assert has_invalid_identity(USERS, [Problem(ProblemCode.INVALID_EMAIL, 1, 2, "current_email")])


words = st.sampled_from(["Jane", "C-1", "c-1", "a@x.com", "A@x.com", "a@bücher.example", "two words", "é", ""])


@settings(max_examples=300, deadline=None)
@for_all(
    resource=st.sampled_from([RESOURCES[name] for name in sorted(RESOURCES)]),
    row=st.dictionaries(st.integers(0, 40), words | st.none(), max_size=6),
    stored=st.dictionaries(st.integers(0, 40), words, max_size=6) | st.none(),
)
def test_a_record_claims_the_keys_of_its_own_fields_whatever_its_row_gave(
    resource: Resource, row: dict[int, str | None], stored: dict[int, str] | None
) -> None:
    names = [field.name for field in resource.fields]
    given: Fields = {names[n % len(names)]: value for n, value in row.items()}
    there: Fields | None = None if stored is None else {names[n % len(names)]: value for n, value in stored.items()}
    keys = [*identity_keys(resource, given), *match_keys(resource, given)]
    draft = Draft(1, 2, {name: value for name, value in given.items() if name != "id"}, keys)

    fields = created(resource, draft.fields) if there is None else updated(resource, draft.fields, there)

    expected = tuple(key for key in identity_keys(resource, fields) if not key.startswith("id:"))
    assert claimed_keys(resource, fields, draft) == expected


@settings(max_examples=300, deadline=None)
@example(values=["0 "], normalisation=Normalisation.EXACT)
@example(values=["0\x1f"], normalisation=Normalisation.EXACT)
@example(values=[" ann@x.com"], normalisation=Normalisation.EMAIL)
@for_all(
    values=st.lists(words | st.none() | st.integers() | st.text(max_size=5), max_size=6),
    normalisation=st.sampled_from(Normalisation),
)
def test_a_column_has_the_keys_of_its_values(values: list[str | int | None], normalisation: Normalisation) -> None:
    identity = Identity(("room",), normalisation)
    resource = replace(SHELVES, identities=(identity,))

    keys = column_key_finder(identity)(values)

    one_by_one: list[Fields] = [{"room": value} for value in values]
    assert [key or None for key in keys] == [next(iter(identity_keys(resource, one)), None) for one in one_by_one]


@pytest.mark.parametrize("normalisation", [one for one in Normalisation if one is not Normalisation.PHONE])
@pytest.mark.parametrize(
    "unseen", ["\u200b", "\u200d", "\u202a", "\u2060", "\xad", "\ufeff", "\u180e", "\ufe0f", "\u3164"]
)
def test_invisible_characters_make_no_other_identity(normalisation: Normalisation, unseen: str) -> None:
    assert normalised(f"{unseen}a{unseen}b@c.org {unseen}", normalisation) == normalised("ab@c.org", normalisation)
