"""What choices are called in twelve languages."""

import pytest

from chalicelib.model.catalogue import RESOURCES
from chalicelib.model.limits import DEFAULT_LIMITS
from chalicelib.model.resources import FieldType, squeezed
from chalicelib.schema.types import reader_of

CHOICES = [
    (name, one.name) for name, found in RESOURCES.items() for one in found.fields if one.type is FieldType.CHOICE
]


@pytest.mark.parametrize(
    ("field", "value", "choice"),
    [
        ("status", "Offen", "open"),
        ("status", "En cours", "open"),
        ("status", "Pendiente", "pending"),
        ("status", "Chiuso", "closed"),
        ("status", "Opgelost", "resolved"),
        ("status", "Novo", "new"),
        ("status", "W toku", "open"),
        ("status", "Beklemede", "pending"),
        ("status", "完了", "closed"),
        ("status", "已解决", "resolved"),
        ("status", "진행 중", "open"),
        ("priority", "2 - High", "high"),
        ("priority", "1: Kritisch", "urgent"),
        ("priority", "3) moyenne", "normal"),
        ("priority", "Niska", "low"),
        ("priority", "緊急", "urgent"),
    ],
)
def test_tickets_are_read_in_other_languages(field: str, value: str, choice: str) -> None:
    assert reader_of(RESOURCES["tickets"].by_name[field], DEFAULT_LIMITS)(value) == choice


@pytest.mark.parametrize(("resource", "field"), CHOICES)
def test_every_word_is_one_of_the_fields_choices(resource: str, field: str) -> None:
    declared = RESOURCES[resource].by_name[field]

    assert set(declared.choice_aliases.values()) <= set(declared.choices)


@pytest.mark.parametrize(("resource", "field"), CHOICES)
def test_no_word_means_two_choices(resource: str, field: str) -> None:
    declared = RESOURCES[resource].by_name[field]
    meant: dict[str, set[str]] = {}
    for word, choice in [*declared.choice_aliases.items(), *((one, one) for one in declared.choices)]:
        meant.setdefault(squeezed(word), set()).add(choice)

    assert {word: choices for word, choices in meant.items() if len(choices) > 1} == {}
