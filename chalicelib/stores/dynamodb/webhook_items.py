"""What the items of webhooks and of deliveries have in common: how fields, times and conditions are written."""

from dataclasses import fields
from typing import Any

import orjson

from chalicelib.stores.dynamodb.attributes import ItemValues


def fields_of(item: ItemValues, shape: Any, *, kept_as_json: tuple[str, ...]) -> ItemValues:
    """Returns the fields of a dataclass that an item holds; what is `kept_as_json` is parsed."""
    plain = {one.name: item[one.name] for one in fields(shape) if one.name in item}
    return plain | {name: orjson.loads(plain[name]) for name in kept_as_json if name in plain}


def is_as_seen(name: str, value: Any) -> tuple[str, ItemValues]:
    """Returns the condition that an attribute is still what was seen, None for absent, with its parameters."""
    if value is None:
        return f"attribute_not_exists(#{name})", {}
    return f"#{name} = :{name}_seen", {f"{name}_seen": value}


def padded(at: int) -> str:
    """Returns a time so that texts sort as times do."""
    return f"{at:012d}"
