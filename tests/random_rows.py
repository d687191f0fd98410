"""Random rows of any resource, drawn so that they meet: few people, many ways to name them, some of them wrong."""

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
    match field.type:
        case FieldType.EMAIL:
            return f"p{number}@mail.example"
        case FieldType.PHONE:
            return f"+1555123456{number}"
        case FieldType.URL:
            return f"https://site{number}.example"
        case FieldType.INTEGER | FieldType.DECIMAL:
            return number
        case FieldType.BOOLEAN:
            return number > NAMES / 2
        case FieldType.DATE:
            return f"2024-01-0{number}"
        case FieldType.DATETIME:
            return f"2024-01-0{number}T10:00:00Z"
        case FieldType.CHOICE:
            return chance.choice(field.choices)
        case FieldType.LIST:
            return [f"p{number}@mail.example", f"word {number}"]
        case FieldType.MAP:
            return {"key": f"word {number}"}
        case _:
            return f"{field.name}{number}" if field.is_code else f"{field.name} {number}"
