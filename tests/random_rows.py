"""Random rows of any resource, drawn so that they meet: few people, many ways to name them, some of them wrong."""

from collections.abc import Callable, Mapping
from random import Random
from typing import Any

from chalicelib.model.resources import Field, FieldType, Resource

NAMES = 6
"""How many different values a field has: rows share them with each other, and with stored records."""


def random_rows(resource: Resource, chance: Random, rows: int) -> list[dict[str, Any]]:
    """Returns rows as JSON objects, each with some of the fields."""
    return [_row(resource, chance) for _ in range(rows)]


def _row(resource: Resource, chance: Random) -> dict[str, Any]:
    identifying = {name for one in resource.identities for name in one.fields} | {*resource.stand_ins}
    row: dict[str, Any] = {}
    for field in resource.fields:
        share = 0.15 if field.type is FieldType.ID else 0.45 if field.name in identifying else 0.3
        if not field.is_computed and (field.required or chance.random() < share):
            row[field.name] = _value(field, chance)
    for name in [*row]:
        if chance.random() < 0.03:
            row[name] = chance.choice([None, "no such thing \x01", ""])
    return row


def _value(field: Field, chance: Random) -> Any:
    number = chance.randint(1, NAMES)
    if field.type is FieldType.CHOICE:
        return chance.choice(field.choices)
    code = f"{field.name}{number}" if field.is_code else f"{field.name} {number}"
    find = _VALUES.get(field.type)
    return find(number) if find else code


_VALUES: Mapping[FieldType, Callable[[int], Any]] = {
    FieldType.EMAIL: lambda number: f"p{number}@mail.example",
    FieldType.PHONE: lambda number: f"+1555123456{number}",
    FieldType.URL: lambda number: f"https://site{number}.example",
    FieldType.INTEGER: int,
    FieldType.DECIMAL: int,
    FieldType.BOOLEAN: lambda number: number > NAMES / 2,
    FieldType.DATE: lambda number: f"2024-01-0{number}",
    FieldType.DATETIME: lambda number: f"2024-01-0{number}T10:00:00Z",
    FieldType.LIST: lambda number: [f"p{number}@mail.example", f"word {number}"],
    FieldType.MAP: lambda number: {"key": f"word {number}"},
}
