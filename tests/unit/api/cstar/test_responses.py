"""The dictionary of words covers everything the core knows."""

import pytest

from chalicelib.api.cstar import CSTAR_RESOURCES, STATUS_WORDS, STRATEGIES, public_name
from chalicelib.model.imports import Status
from chalicelib.model.resources import squeezed
from chalicelib.model.row_rules import MergeStrategy


def test_every_status_has_a_word() -> None:
    assert set(STATUS_WORDS) == set(Status)
    assert set(STATUS_WORDS.values()) == {"processing", "completed", "failed", "canceled"}


def test_every_strategy_has_a_word() -> None:
    assert {strategy.value: strategy for strategy in MergeStrategy} == STRATEGIES


@pytest.mark.parametrize(
    ("field", "shown"),
    [
        ("title", "title"),
        ("response_deadline", "responseDeadline"),
        ("customerId", "customerId"),
        ("no_such", "no_such"),
    ],
)
def test_fields_are_written_as_cstar_does(field: str, shown: str) -> None:
    assert public_name(CSTAR_RESOURCES["tickets"], field) == shown


@pytest.mark.parametrize("noun", CSTAR_RESOURCES)
def test_every_field_is_understood_as_it_is_rendered(noun: str) -> None:
    resource = CSTAR_RESOURCES[noun]

    found = {field.name: resource.by_header[squeezed(public_name(resource, field.name))] for field in resource.fields}

    assert found == dict(resource.by_name)
