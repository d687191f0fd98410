"""Suggestions for the columns of a source to come."""

from chalicelib.imports.mapping_suggestions import MappingSuggestion, suggest_columns
from chalicelib.model.catalogue import RESOURCES
from chalicelib.model.limits import DEFAULT_LIMITS


def suggestion(headers: list[str], *samples: list[str]) -> MappingSuggestion:
    return suggest_columns(RESOURCES["customers"], headers, samples, DEFAULT_LIMITS)


def test_headers_are_matched_with_fields() -> None:
    found = suggestion(["Correo electrónico", "Nombre completo"])

    assert found.column_mapping == {"email": "Correo electrónico", "name": "Nombre completo"}
    assert found.header_sample is None
    assert found.missing == []


def test_a_title_is_not_taken_for_the_header_line() -> None:
    found = suggestion(["Customers", "", ""], [], ["Email", "Name"], ["ann@example.com", "Ann"])

    assert found.header_sample == 2
    assert [one.header for one in found.columns] == ["Email", "Name", ""]
    assert found.column_mapping == {"email": "Email", "name": "Name"}


def test_a_column_that_no_header_names_is_in_no_mapping() -> None:
    found = suggestion(["", " Name "], ["ann@example.com", "Ann"], ["bo@example.com", "Bo"])

    assert [one.field for one in found.columns] == ["email", "name"]
    assert found.column_mapping == {"name": "Name"}


def test_of_columns_with_one_header_the_first_only_can_be_named() -> None:
    """Imports read the first: here it holds no addresses."""
    second = suggestion(["Email", " Email"], ["yes", "ann@example.com"], ["no", "bo@example.com"])
    first = suggestion(["Email", " Email"], ["ann@example.com", "yes"], ["bo@example.com", "no"])

    assert [one.field for one in second.columns] == [None, "email"]
    assert second.column_mapping == {}
    assert first.column_mapping == {"email": "Email"}


def test_cells_beyond_the_headers_and_short_rows_do_no_harm() -> None:
    found = suggestion(["Email", "Name"], ["ann@example.com", "Ann", "more"], ["bo@example.com"])

    assert found.missing == []


def test_of_fields_of_which_one_would_do_the_first_is_missing() -> None:
    found = suggest_columns(RESOURCES["contacts"], ["Email"], [], DEFAULT_LIMITS)

    assert found.missing == ["name"]
