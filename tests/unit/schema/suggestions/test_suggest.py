"""Which fields are suggested for which columns."""

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.model.catalogue import RESOURCES
from chalicelib.schema.suggestions.header_parser import LONGEST_HEADER
from chalicelib.schema.suggestions.lexicon import lexicon
from chalicelib.schema.suggestions.suggest import ColumnSuggestion, suggest_mapping
from tests.counted_work import instructions_of
from tests.unit.schema.suggestions.header_lines import header_lines

SURE = 0.9


def suggested(resource: str, *headers: str, rows: list[list[str]] | None = None) -> list[str | None]:
    return [one.field for one in suggest_mapping(RESOURCES[resource], headers, rows or [])]


def column(resource: str, header: str, *values: str) -> ColumnSuggestion:
    return suggest_mapping(RESOURCES[resource], [header], [[value] for value in values])[0]


def test_headers_of_known_exports_are_understood_in_twelve_languages() -> None:
    right, mapped, kept, left_alone = Counter[str](), Counter[str](), 0, 0
    for line in header_lines():
        found = suggested(line.resource, *line.headers, rows=line.rows)
        for field, meant in zip(found, line.meant, strict=True):
            if meant == {"-"}:
                left_alone += 1
                kept += field is None
            else:
                mapped[line.language] += 1
                right[line.language] += (field or "-") in meant

    assert len(mapped) == 12
    assert {
        language: right[language] / count for language, count in mapped.items() if right[language] < 0.94 * count
    } == {}
    assert right.total() >= 0.98 * mapped.total()
    assert kept >= 0.97 * left_alone


def test_what_is_wrong_is_hardly_ever_sure() -> None:
    columns, wrong = 0, []
    for line in header_lines():
        found = suggest_mapping(RESOURCES[line.resource], line.headers, line.rows)
        columns += len(found)
        each = zip(found, line.meant, strict=True)
        wrong += [one.header for one, meant in each if one.confidence >= SURE and one.field not in meant]

    assert len(wrong) <= 0.005 * columns, wrong


@pytest.mark.parametrize(
    ("resource", "header"),
    [
        ("users", "Username"),
        ("tickets", "Requester ID"),
        ("groups", "Group Type"),
        ("contacts", "Account"),
        ("items", "Cost"),
        ("contacts", "LinkedIn"),
    ],
)
def test_a_header_that_often_means_something_else_is_never_sure(resource: str, header: str) -> None:
    assert column(resource, header).confidence < SURE


NAMED_OTHERWISE = {
    ("items", "description"): "name",
    ("tickets", "customer"): "customerName",
    ("tickets", "requester"): "customerName",
}
"""Aliases that need a look at their values, or at the other columns."""


@pytest.mark.parametrize("name", sorted(RESOURCES))
def test_what_imports_map_by_themselves_is_suggested_too(name: str) -> None:
    fields = [one for one in RESOURCES[name].fields if not one.is_computed]
    expected = {(name, alias): one.name for one in fields for alias in (one.name, *one.aliases)}

    found = {key: column(name, key[1]).field for key in expected}

    assert {key: field for key, field in found.items() if field != NAMED_OTHERWISE.get(key, expected[key])} == {}


def test_a_field_is_suggested_for_one_column_only() -> None:
    found = suggested("contacts", "Email", "E-mail", "Mail", "Phone", "Telefon")

    assert Counter(found) == {"email": 1, "phone": 1, None: 3}


def test_of_two_columns_for_one_field_that_yields_which_means_another_too() -> None:
    assert suggested("companies", "Customer number", "Customer", "Company") == ["external_id", None, "name"]


@pytest.mark.parametrize(
    ("headers", "fields"),
    [
        (["Name", "Vorname"], ["last_name", "first_name"]),
        (["Nome", "Cognome"], ["first_name", "last_name"]),
        (["Name", "First name", "Last name"], ["name", "first_name", "last_name"]),
        (["이름", "이메일"], ["name", "email"]),
        (["이름", "성"], ["first_name", "last_name"]),
    ],
)
def test_a_bare_name_is_the_part_that_no_other_column_is(headers: list[str], fields: list[str]) -> None:
    assert suggested("contacts", *headers) == fields


def test_a_part_of_a_name_is_suggested_only_where_there_is_such_a_field() -> None:
    assert suggested("companies", "Name", "Last name") == [None, None]


def test_a_bare_name_with_values_of_several_words_is_the_whole_name() -> None:
    assert suggested("contacts", "Name", "Vorname", rows=[["Ada King", "Ada"]])[0] == "name"


def test_columns_without_a_name_are_known_by_their_values() -> None:
    rows = [["C-1", "Ada King", "ada@example.com", "Acme Ltd"], ["C-2", "Bo Chen", "bo@example.com", "Kite GmbH"]]

    found = suggest_mapping(RESOURCES["customers"], ["Column1", "", "F3", "Unnamed: 4"], rows)

    assert [one.field for one in found] == ["external_id", "name", "email", "company"]
    assert max(one.confidence for one in found) < SURE


@pytest.mark.parametrize(
    ("resource", "header", "values", "field"),
    [
        ("contacts", "Title", ("Mr", "Ms"), None),
        ("contacts", "Title", ("Buyer", "Head of Sales"), "job_title"),
        ("contacts", "Email", ("yes", "no"), None),
        ("contacts", "Contact", ("ada@example.com",), "email"),
        ("users", "Username", ("ada@example.com",), "email"),
        ("users", "Username", ("aking",), None),
        ("contacts", "URL", ("https://www.linkedin.com/in/ada",), "linkedin"),
        ("contacts", "URL", ("https://ada.example",), "website"),
        ("tickets", "Requester", ("ada@example.com",), "customerId"),
        ("tickets", "Requester", ("Ada King",), "customerName"),
        ("opportunities", "Probability", ("0.4", "0.25"), None),
    ],
)
def test_values_decide_where_words_leave_it_open(
    resource: str, header: str, values: tuple[str, ...], field: str | None
) -> None:
    assert column(resource, header, *values).field == field


def test_the_language_of_the_other_headers_decides_what_a_word_means() -> None:
    assert suggested("contacts", "Soyadı", "Cep", "E-posta", "Notlar")[1] == "phone"
    assert suggested("contacts", "Sobrenome", "CEP", "Celular", "Cidade")[1] == "postal_code"


def test_every_candidate_says_why() -> None:
    found = column("contacts", "E-Mail-Adresse", "ada@example.com")

    assert [(one.field, one.why) for one in found.candidates] == [("email", ("words", "values"))]


@given(
    st.sampled_from(sorted(RESOURCES)),
    st.lists(st.text(max_size=40) | st.sampled_from(sorted(lexicon())), min_size=1, max_size=8),
    st.lists(st.lists(st.text(max_size=40), max_size=9), max_size=3),
)
@settings(max_examples=60, deadline=None)
def test_whatever_stands_in_headers_and_cells_no_field_is_suggested_twice(
    resource: str, headers: list[str], rows: list[list[str]]
) -> None:
    found = suggest_mapping(RESOURCES[resource], headers, rows)

    assert [one.header for one in found] == headers
    assert max(Counter(one.field for one in found if one.field).values(), default=0) <= 1
    assert all(0.5 <= each.confidence <= 1 for one in found for each in one.candidates)


def test_without_columns_nothing_is_suggested() -> None:
    assert suggest_mapping(RESOURCES["contacts"], []) == []


def test_four_times_the_columns_are_four_times_the_work() -> None:
    headers = [header for line in header_lines() if line.resource == "contacts" for header in line.headers][:400]
    few, many = (work_of(headers[:count], [["2025-03-01"] * count] * 20) for count in (100, 400))

    assert few < many < 4.4 * few


@pytest.mark.parametrize(("sign", "end"), [("!", "?!x"), ("col_", "1?!x"), ("a", ""), ("a b ", ""), ("(", ")")])
def test_a_header_is_no_more_work_however_long_it_is(sign: str, end: str) -> None:
    long, longest = (work_of([sign * count + end], []) for count in (250, 2_500))

    assert longest < 1.1 * long


def test_of_a_header_its_first_characters_are_looked_at() -> None:
    assert column("contacts", "!" * LONGEST_HEADER + "x", "ann@example.com").field == "email"
    assert column("contacts", "!" * (LONGEST_HEADER - 1) + "x", "ann@example.com").field is None


@pytest.mark.parametrize("header", ["", "__2", "Column 7.", "(Unnamed: 3)", "F_1", "列1"])
def test_a_word_for_a_column_is_no_name(header: str) -> None:
    assert column("contacts", header, "ann@example.com").field == "email"


@pytest.mark.parametrize("header", ["Column A", "7 columns", "field 1_2"])
def test_more_than_a_word_for_a_column_is_a_name(header: str) -> None:
    assert column("contacts", header, "ann@example.com").field is None


def work_of(headers: list[str], rows: list[list[str]]) -> int:
    """Counted at the second time, when the words of the headers are known."""
    suggest_mapping(RESOURCES["contacts"], headers, rows)
    return instructions_of(lambda: suggest_mapping(RESOURCES["contacts"], headers, rows))
