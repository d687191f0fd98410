"""What a record shows under each name: its stored fields, and the id and times that the service itself knows.

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
"""A declared field, so that no source may give it; records do not show it, since it is the same for all of a
resource."""


@lru_cache(maxsize=64)
def output_fields(resource: Resource) -> Mapping[str, Field]:
    """Returns the fields that records show, by name, in declared order; those that no record stores are left out."""
    declared = {one.name: one for one in resource.fields if one.is_stored and one.name != _NAME_OF_THE_RESOURCE}
    return declared | {one.name: one for one in _OWN_FIELDS if one.name not in declared}


def get_output_field(resource: Resource, name: str) -> Field:
    """Returns the field with this name. Raises Refused `unknown_field`."""
    field = output_fields(resource).get(name)
    if field is None:
        raise Refused("unknown_field", f"'{quoted(name)}' is no field of {resource.name}.", param=quoted(name))
    return field


def getter_of(name: str) -> ValueGetter:
    """Returns what gets a record's value under this name; null and absent are the same here."""
    return _OF_THE_SERVICE.get(name) or (lambda record: record.fields.get(name))


def row_getter_of(names: Sequence[str], resource: Resource | None = None) -> Callable[[Record], list[Value]]:
    """Returns what gets a record's values under all these names.

    With the resource given, decimals are written so that an import can read them in one way only.
    """
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
    """Returns whether a value says nothing: null, or a list or a map without entries."""
    return value is None or (isinstance(value, list | dict) and not value)


def to_time(epoch_ms: int) -> str:
    """Returns a time in ISO 8601, in UTC, with a fraction where there is one, as values of datetime fields are
    stored."""
    seconds, rest_ms = divmod(epoch_ms, 1000)
    fraction = f"{rest_ms:03d}".rstrip("0")
    return f"{_second(seconds)}.{fraction}Z" if fraction else f"{_second(seconds)}Z"


@lru_cache(maxsize=256)
def _second(epoch_s: int) -> str:
    """Records that were written together share it."""
    return datetime.fromtimestamp(epoch_s, UTC).replace(tzinfo=None).isoformat()
