"""An import as an item of the control table: each of its fields is an attribute, and what is nested is JSON.

Comes in: an import, or what is demanded of one. Goes out: the values of its item, the import that these are, and the
conditions on it.
"""

from collections.abc import Collection, Mapping
from dataclasses import fields
from functools import cache
from typing import Any

from pydantic import TypeAdapter

from chalicelib.model.ids import ImportId, TenantId
from chalicelib.model.imports import Import, Status
from chalicelib.stores.dynamodb.attributes import ItemValues
from chalicelib.stores.dynamodb.job_items import job_values

_NAMES = tuple(one.name for one in fields(Import))
_KEPT_AS_JSON = frozenset(("column_mapping", "reading", "rules", "guard_rails", "source", "phases", "stats")) | {
    *("findings", "columns", "profile", "notes", "problem_counts", "drift", "retries", "undo", "value_mapping")
}


def pk_of(tenant_id: TenantId, import_id: ImportId) -> str:
    """Returns the partition key of an import's item, which is alone in its partition."""
    return f"IMPORT#{tenant_id}#{import_id}"


def to_values(import_: Import) -> Mapping[str, Any]:
    """Returns what the item of an import holds, by field."""
    return {name: getattr(import_, name) for name in _NAMES}


def from_values(values: ItemValues | None) -> Import | None:
    """Returns the import that an item holds; None for no item, and for the marker that a deletion leaves. Raises
    NewerSchema, and ValueError for an item that cannot be read.
    """
    found = job_values(values, _NAMES, _KEPT_AS_JSON)
    return None if found is None else _adapter().validate_python(found)


def is_unchanged(name: str, value: object) -> str:
    """Returns the condition that a field is what it was, which is the parameter `{name}_before`. Of an import that was
    added before there was such a field, it is absent while it has its default.
    """
    is_same = f"#{name} = :{name}_before"
    return is_same if value else f"(attribute_not_exists(#{name}) OR {is_same})"


def one_of(statuses: Collection[Status]) -> tuple[str, dict[str, Any]]:
    """Returns the condition that an import has one of these statuses, of which one at least is given, and its
    parameters.
    """
    parameters = {f"status_{one}": one for one in statuses}
    return f"#status IN ({', '.join(f':{name}' for name in parameters)})", parameters


@cache
def _adapter() -> TypeAdapter[Import]:
    return TypeAdapter(Import)
