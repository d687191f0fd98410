"""What an earlier import knew of the source whose errors file this one is, so that it can be uploaded again as it is.

Every row of an errors file names the import that it comes from. In comes a source that has been opened, out goes that
import: its column mapping holds, what it had stated of values, and what its columns had proven about numbers and dates,
which the few rows that are left may not prove, or seem to disprove.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from chalicelib.formats import Table
from chalicelib.imports.workspace import Workspace
from chalicelib.model.error_columns import IMPORT
from chalicelib.model.ids import ImportId, TenantId
from chalicelib.model.imports import Import
from chalicelib.model.notations import SourceNotations
from chalicelib.model.problem_codes import ProblemCode
from chalicelib.model.problems import Problem
from chalicelib.model.rows import Row
from chalicelib.schema.types.text import is_certain_id
from chalicelib.stores.interfaces import Files, Imports

_DECIDING = ("match_by", "merge_rules", "create_missing")
"""Rules that say which record a row means, and what becomes of it."""


@dataclass(frozen=True, slots=True)
class EarlierImport:
    """A source, and the import that it comes from."""

    table: Table
    """The source, of which no row has been taken."""
    earlier: Import | None = None

    @property
    def column_mapping(self) -> dict[str, str]:
        """Returns the mapping of the earlier import, as far as its headers are still there; empty where it has none."""
        mapping = self.earlier.column_mapping if self.earlier else {}
        return {name: header for name, header in mapping.items() if _has(self.table, header)}

    def findings(self, import_: Import) -> list[Problem]:
        """Returns that the rows may not mean what they meant, where this import was asked for otherwise."""
        if self.earlier is None:
            return []
        rules, before = import_.rules, self.earlier.rules
        same = {
            "action": import_.action is self.earlier.action,
            "location_id": import_.location_id == self.earlier.location_id,
        }
        same |= {name: getattr(rules, name) == getattr(before, name) for name in _DECIDING}
        options = ", ".join(name for name, is_same in same.items() if not is_same)
        facts = {"options": options}
        return [Problem(ProblemCode.OPTIONS_DIFFER, value=self.earlier.import_id, facts=facts)] if options else []

    def notations(self, files: Files, own: SourceNotations) -> SourceNotations:
        """Returns how the columns are written: as stated for this import, else as the earlier one had it, else as they
        show themselves."""
        if self.earlier is None:
            return own
        found = Workspace(files, self.earlier, attempt_id="").find_decisions() or []
        stated = own.stated.with_fallback(self.earlier.reading.notation)
        before = {one.field: replace(one, is_reported=False) for one in found if _has(self.table, one.column)}
        decided = {**own.decided, **before}
        left = {name: one for name, one in decided.items() if not stated.states(one)}
        words = {**self.earlier.value_mapping, **own.words}
        return SourceNotations(stated=stated, decided=left, words=words)


def find_earlier_import(imports: Imports, tenant_id: TenantId, resource: str, table: Table) -> EarlierImport:
    """Returns the import that the first row of the source names, if it is one of this tenant and resource."""
    if table.headers and IMPORT not in table.headers:
        return EarlierImport(table)
    row, table = table.peek()
    import_id = _named_by(row, table) if row else ""
    found = imports.find(tenant_id, ImportId(import_id)) if import_id else None
    return EarlierImport(table, found if found and found.resource == resource else None)


def _named_by(row: Row, table: Table) -> str:
    given = row.given if isinstance(row.given, Mapping) else dict(zip(table.headers, row.given, strict=False))
    named = given.get(IMPORT)
    text = named.strip() if isinstance(named, str) else ""
    return text if is_certain_id(text) else ""


def _has(table: Table, header: str) -> bool:
    """Objects may have any key in any row."""
    return not table.headers or header in table.headers
