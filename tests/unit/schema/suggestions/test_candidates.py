"""How sure it is that a header means a field."""

import pytest

from chalicelib.model.catalogue import RESOURCES
from chalicelib.model.columns import Evidence
from chalicelib.schema.suggestions.candidates import Column, candidates_of
from chalicelib.schema.suggestions.header_parser import parse
from chalicelib.schema.suggestions.values import Samples


def sureness(resource: str, header: str, field: str, *values: str) -> float:
    found = candidates_of(Column(RESOURCES[resource], header, parse(header), Samples(values)))
    return next((one.confidence for one in found if one.field == field), 0.0)


@pytest.mark.parametrize(
    ("surer", "less"),
    [
        ("email", "Work E-Mail"),
        ("Work E-Mail", "Billing E-Mail"),
        ("Billing E-Mail", "Private E-Mail"),
        ("Private E-Mail", "E-Mail 2"),
        ("E-Mail 2", "Assistant's E-Mail"),
    ],
)
def test_what_else_a_header_says_makes_it_less_sure(surer: str, less: str) -> None:
    assert sureness("contacts", surer, "email") > sureness("contacts", less, "email")


def test_what_stands_in_brackets_only_is_less_sure() -> None:
    assert sureness("contacts", "Anschrift (Ort)", "city") < sureness("contacts", "Ort (Anschrift)", "city")


@pytest.mark.parametrize("header", ["Account ID", "Owner ID", "Parent ID", "Fax number", "Created", "xyzzy"])
def test_the_ids_and_dates_of_other_things_mean_no_field(header: str) -> None:
    assert candidates_of(Column(RESOURCES["contacts"], header, parse(header), Samples([]))) == []


def test_nouns_of_the_resource_itself_add_nothing() -> None:
    assert sureness("contacts", "Contact ID", "external_id") >= 0.9
    assert sureness("companies", "Contact ID", "external_id") == 0


def test_an_unknown_word_is_passed_over_only_where_values_prove_the_type() -> None:
    assert sureness("contacts", "Xyzzy phone", "phone") == 0
    assert 0.5 <= sureness("contacts", "Xyzzy phone", "phone", "+49 30 1234567") < 0.9


def test_values_prove_no_type_that_others_look_like_too() -> None:
    assert sureness("tickets", "Xyzzy status", "status", "open", "closed") == 0


def test_an_unknown_word_in_brackets_is_passed_over() -> None:
    assert sureness("contacts", "E-Mail (xyzzy)", "email") >= 0.9


def test_a_place_of_which_there_may_be_several_is_surer_than_a_field_of_which_there_is_one() -> None:
    assert sureness("contacts", "Business city", "city") >= 0.9
    assert 0.5 <= sureness("contacts", "Business notes", "notes") < 0.6


@pytest.mark.parametrize(
    ("resource", "header", "field", "expected"),
    [
        pytest.param("contacts", "City address", "city", True, id="the address of a place"),
        pytest.param("contacts", "Notes address", "notes", False, id="the address of something else"),
        pytest.param("assets", "Location code", "location", True, id="what has codes"),
        pytest.param("assets", "Serial code", "serial_number", True, id="what looks like a code"),
        pytest.param("assets", "Notes code", "notes", False, id="the code of something else"),
    ],
)
def test_some_words_go_with_some_fields_only(resource: str, header: str, field: str, expected: bool) -> None:
    assert (sureness(resource, header, field) > 0.85) is expected


def test_of_two_equal_reasons_the_words_are_named() -> None:
    [found] = candidates_of(Column(RESOURCES["contacts"], "Role", parse("Role"), Samples([])))

    assert (found.field, found.why) == ("job_title", (Evidence.WORDS,))


def test_an_alias_that_needs_values_is_passed_over_where_they_say_nothing() -> None:
    assert sureness("tickets", "Customer", "customerId") > 0.6
    assert sureness("tickets", "Customer", "customerId", "ada@example.com") > 0.6
    assert sureness("tickets", "Customer", "customerId", "Ada King", "Bo Chen") == 0


def test_values_that_cannot_be_a_choice_leave_it_unsure() -> None:
    assert sureness("tickets", "Status", "status", "open", "closed") >= 0.9
    assert 0.5 <= sureness("tickets", "Status", "status", "Triage", "QA") < 0.9
