"""What a record has to show under each name: its stored fields, and the id and times the service itself knows.

Filters, sorting and field selection all ask here, so that one name means one value everywhere.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache

from chalicelib.errors import Refused
from chalicelib.model.problems import quoted
from chalicelib.model.records import Record
from chalicelib.model.resources import Field, FieldType, Resource
from chalicelib.model.rows import Value
from chalicelib.schema.types.number_notations import unmistakable

ValueGetter = Callable[[Record], Value]

_OF_THE_SERVICE: Mapping[str, ValueGetter] = {
    "id": lambda record: record.record_id,
    "created_at": lambda record: to_time(record.created_at),
    "updated_at": lambda record: to_time(record.updated_at),
}

_OWN_FIELDS = (
    Field(name="id", type=FieldType.ID),
    Field(name="created_at", type=FieldType.DATETIME, is_computed=True),
    Field(name="updated_at", type=FieldType.DATETIME, is_computed=True),
)
"""Every record has them, declared or not."""

_NAME_OF_THE_RESOURCE = "object"
"""Declared so that no source may give it; it says of a record what everybody knows who asked for it."""


@lru_cache(maxsize=64)
def shown_fields(resource: Resource) -> Mapping[str, Field]:
    """By name, in declared order; without those that only find a record."""
    declared = {one.name: one for one in resource.fields if not one.stands_for and one.name != _NAME_OF_THE_RESOURCE}
    return declared | {one.name: one for one in _OWN_FIELDS if one.name not in declared}


def get_shown_field(resource: Resource, name: str) -> Field:
    """Raises Refused `unknown_field`."""
    field = shown_fields(resource).get(name)
    if field is None:
        raise Refused("unknown_field", f"'{quoted(name)}' is no field of {resource.name}.", param=quoted(name))
    return field


def getter_of(name: str) -> ValueGetter:
    """Null and absent are the same to whoever looks at a record."""
    return _OF_THE_SERVICE.get(name) or (lambda record: record.fields.get(name))


def row_getter_of(names: Sequence[str], resource: Resource | None = None) -> Callable[[Record], list[Value]]:
    """All of them at once. With the resource, decimals are spelled so that an import can read them in one way only."""
    own = [(at, _OF_THE_SERVICE[name]) for at, name in enumerate(names) if name in _OF_THE_SERVICE]
    types = {one.name: one.type for one in resource.fields} if resource else {}
    decimals = [at for at, name in enumerate(names) if types.get(name) is FieldType.DECIMAL]

    def get_row(record: Record) -> list[Value]:
        row = list(map(record.fields.get, names))
        for at, get in own:
            row[at] = get(record)
        for at in decimals:
            row[at] = unmistakable(row[at])
        return row

    return get_row


def is_empty(value: Value) -> bool:
    """A list or a map without entries says nothing, as null does."""
    return value is None or (isinstance(value, list | dict) and not value)


def to_time(epoch_ms: int) -> str:
    """ISO 8601 in UTC, with a fraction where there is one: as the fields of type datetime are kept."""
    seconds, rest_ms = divmod(epoch_ms, 1000)
    fraction = f"{rest_ms:03d}".rstrip("0")
    return f"{_second(seconds)}.{fraction}Z" if fraction else f"{_second(seconds)}Z"


@lru_cache(maxsize=256)
def _second(epoch_s: int) -> str:
    """Records that were written together share it."""
    return datetime.fromtimestamp(epoch_s, UTC).replace(tzinfo=None).isoformat()
