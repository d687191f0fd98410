"""Records of a world as files, for tests that import them again."""

from collections.abc import Iterator, Sequence
from typing import Any

from chalicelib.formats.write import render
from chalicelib.model.catalogue import RESOURCES
from chalicelib.model.resources import FieldType
from chalicelib.model.write_options import Rendering
from chalicelib.schema.query.record_values import output_fields, row_getter_of
from tests.import_world import ImportWorld


def each_exported_row(world: ImportWorld, resource: str, names: Sequence[str] = ()) -> Iterator[dict[str, Any]]:
    """Yields every record as an export has it, with None where it has no value."""
    columns = names or [*output_fields(RESOURCES[resource])]
    get_row = row_getter_of(columns, RESOURCES[resource])
    for record in world.records(resource):
        yield dict(zip(columns, get_row(record), strict=True))


def exported(world: ImportWorld, resource: str, rendering: Rendering) -> bytes:
    """Returns all records of a resource as a file."""
    fields = output_fields(RESOURCES[resource])
    times = [name for name, field in fields.items() if field.type is FieldType.DATETIME]
    return b"".join(render(each_exported_row(world, resource), list(fields), rendering, times=times))
