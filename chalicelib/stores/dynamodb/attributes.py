"""Values as DynamoDB writes them: texts, numbers, flags and bytes as they are, everything else as JSON text."""

from base64 import b64decode, b64encode
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import orjson

ItemValues = dict[str, Any]
"""The plain values of an item by name."""


def to_attributes(values: Mapping[str, Any]) -> dict[str, Any]:
    """Returns values as DynamoDB writes them; None is left out."""
    return {name: _to_attribute(value) for name, value in values.items() if value is not None}


def from_attributes(item: Mapping[str, Any]) -> ItemValues:
    """Returns the values of an item; JSON texts stay texts."""
    return {name: _from_attribute(value) for name, value in item.items()}


def _to_attribute(value: Any) -> dict[str, Any]:
    match value:
        case bool():
            return {"BOOL": value}
        case bytes():
            return {"B": b64encode(value).decode()}
        case int() | float():
            return {"N": str(value)}
        case str():
            return {"S": str(value)}
        case _:
            return {"S": orjson.dumps(value).decode()}


def _from_attribute(attribute: Mapping[str, Any]) -> Any:
    """Returns the plain value of an attribute; numbers become integers."""
    [(kind, value)] = attribute.items()
    match kind:
        case "N":
            return int(Decimal(value))
        case "B":
            return b64decode(value)
        case _:
            return value
