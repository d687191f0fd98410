"""How JSON becomes a frozen dataclass: by the types of its fields, without a library.

Unknown fields are ignored, so that a newer service breaks no older client; absent ones take their defaults, so that an
older service breaks no newer client. `raw` keeps the JSON whole.
"""

from collections.abc import Mapping, Sequence
from dataclasses import MISSING, dataclass, field, fields
from datetime import UTC, datetime
from functools import cache
from types import NoneType, UnionType
from typing import Any, Self, Union, get_args, get_origin, get_type_hints

Json = Mapping[str, Any]
JSON_NAME = "json"
"""Of a field's metadata: its name in JSON, where that is another."""


@dataclass(frozen=True, kw_only=True)
class Model:
    """An object of the API."""

    raw: Json = field(default_factory=dict, repr=False, compare=False)
    """The whole JSON object."""

    @classmethod
    def from_json(cls, given: Json) -> Self:
        """Returns the object. A field whose name begins with an underscore in JSON does not here."""
        return cls(raw=given, **_values(cls, given))


def _values(model: Any, given: Json) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, json_name, type_, has_default in _fields_of(model):
        value = given.get(json_name, given.get(f"_{json_name}"))
        if value is not None or not has_default:
            found[name] = _converted(value, type_)
    return found


@cache
def _fields_of(model: Any) -> list[tuple[str, str, Any, bool]]:
    """Returns of each field its name, its name in JSON, its type, and whether it has a default."""
    hints = get_type_hints(model)
    return [
        (one.name, one.metadata.get(JSON_NAME, one.name), hints[one.name], _has_default(one))
        for one in fields(model)
        if one.name != "raw" and one.init
    ]


def _has_default(one: Any) -> bool:
    return one.default is not MISSING or one.default_factory is not MISSING


def _converted(value: Any, type_: Any) -> Any:
    """Returns a JSON value as what the field is declared to be; where that cannot be, as it came."""
    origin, inner = get_origin(type_), get_args(type_)
    if origin in (Union, UnionType):
        known = [one for one in inner if one is not NoneType]
        return None if value is None else _converted(value, known[0]) if len(known) == 1 else value
    if origin is tuple and isinstance(value, Sequence):
        return tuple(_converted(one, inner[0]) for one in value)
    if isinstance(type_, type) and issubclass(type_, Model) and isinstance(value, Mapping):
        return type_.from_json(value)
    return _to_time(value) if type_ is datetime and isinstance(value, int | float) else value


def _to_time(epoch_s: float) -> datetime | float:
    try:
        return datetime.fromtimestamp(epoch_s, UTC)
    except (OverflowError, ValueError, OSError):
        return epoch_s
