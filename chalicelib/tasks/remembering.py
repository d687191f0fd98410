"""The column mapping of the import whose errors file a source is, so that such a file can be uploaded again as it is.

Every row of an errors file names the import that it comes from. In comes a source that has been opened, out goes that
import's mapping, as far as its headers are still there.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from chalicelib.formats import Table
from chalicelib.model.error_columns import IMPORT
from chalicelib.model.ids import ImportId, TenantId
from chalicelib.model.rows import Row
from chalicelib.stores.interfaces import Imports

_ID_CHARACTERS = 64


@dataclass(frozen=True, slots=True)
class Remembered:
    """What an earlier import says of a source; all empty where there is none."""

    table: Table
    """The source, of which no row has been taken."""
    column_mapping: dict[str, str] = field(default_factory=dict)
    import_id: str = ""


def find_remembered(imports: Imports, tenant_id: TenantId, resource: str, table: Table) -> Remembered:
    """Returns the mapping of the import that the first row of the source names, if it is one of this tenant and
    resource and has a mapping."""
    if table.headers and IMPORT not in table.headers:
        return Remembered(table)
    row, table = table.peek()
    import_id = _named_by(row, table) if row else ""
    found = imports.find(tenant_id, ImportId(import_id)) if import_id else None
    if found is None or found.resource != resource:
        return Remembered(table)
    mapping = {name: header for name, header in found.column_mapping.items() if _has(table, header)}
    return Remembered(table, mapping, import_id if mapping else "")


def _named_by(row: Row, table: Table) -> str:
    given = row.given if isinstance(row.given, Mapping) else dict(zip(table.headers, row.given, strict=False))
    named = given.get(IMPORT)
    return named.strip() if isinstance(named, str) and len(named) <= _ID_CHARACTERS else ""


def _has(table: Table, header: str) -> bool:
    """Objects may have any key in any row."""
    return not table.headers or header in table.headers
