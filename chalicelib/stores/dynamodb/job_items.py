"""The items of imports and exports as plain values, and the schema version that says who may read them.

The number on an item speaks for its work objects, too, which nobody opens without it. An attribute, or a part of a work
object, needs no new number where older code may pass over it and newer code may miss it; everything else does
(docs/adr/0038-what-is-stored-says-its-schema.md).
"""

from collections.abc import Collection
from typing import Any

import orjson

from chalicelib.errors import NewerSchema
from chalicelib.stores.dynamodb.attributes import ItemValues

SCHEMA_VERSION = 1
"""Of what this code writes, and the greatest that it reads. An item without a number is of the first."""
ATTRIBUTE = "schema_version"


def is_newer(values: ItemValues) -> bool:
    """Returns whether an item was written by newer code, so that this code reads no part of it."""
    return bool(values.get(ATTRIBUTE, 1) > SCHEMA_VERSION)


def job_values(
    values: ItemValues | None, names: Collection[str], kept_as_json: Collection[str]
) -> dict[str, Any] | None:
    """Returns the fields of a job by their names, of which some were kept as JSON; None for no item, and for the marker
    that a deletion leaves. Raises NewerSchema.
    """
    if values is None or "status" not in values:
        return None
    if is_newer(values):
        raise NewerSchema(f"{values['pk']} is of schema version {values[ATTRIBUTE]}; this code knows {SCHEMA_VERSION}.")
    plain = {name: value for name, value in values.items() if name in names}
    return plain | {name: orjson.loads(plain[name]) for name in kept_as_json if name in plain}
