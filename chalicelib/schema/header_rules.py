"""Says which column or key of a source feeds which field: headers and `column_mapping` go in, their meaning comes out.

An explicit mapping wins over a header that is a field's name, and that over an alias; of equals the first column wins.
Fields the service sets itself, and the names stores and dialects live by, are reported and never read. Plans are made
from these rules in `columns.py` (cells by position) and `keys.py` (JSON rows, whose keys may differ from row to row).
"""

from collections.abc import Collection, Mapping, Set
from dataclasses import dataclass
from enum import IntEnum

from chalicelib.errors import Refused
from chalicelib.model.error_columns import is_error_column
from chalicelib.model.invisible_characters import is_blank, trimmed
from chalicelib.model.problem_codes import ProblemCode
from chalicelib.model.problems import Problem, quoted
from chalicelib.model.resources import Resource, squeezed

PROTECTED_NAMES = frozenset(
    map(
        squeezed,
        (
            *("pk", "sk", "version", "ttl", "tenant", "tenant_id", "team_id", "organization_id", "account_id"),
            *("created_at", "created_by", "updated_at", "updated_by", "deleted_at", "status", "object"),
            *("import_id", "__proto__", "constructor", "prototype"),
        ),
    )
)
"""Names that mean something to stores, dialects or browsers; a resource may still declare one of them as its field."""


class HeaderPrecedence(IntEnum):
    """How surely a header means a field; the lower wins."""

    MAPPED = 0
    NAMED = 1
    ALIAS = 2


@dataclass(frozen=True, slots=True)
class HeaderMeaning:
    """What one header or key stands for: a field, or a reason why it is not read."""

    field: str = ""
    rank: HeaderPrecedence = HeaderPrecedence.ALIAS
    code: ProblemCode = ProblemCode.HEADER_UNKNOWN

    def is_ignored(self, fields: Set[str]) -> bool:
        """Whether what stands under it, where it is not read, may belong to one of these fields; what the service sets
        itself never does."""
        return self.field in fields if self.field else self.code is not ProblemCode.PROTECTED_FIELD


class HeaderRules:
    """What the headers of one import mean: by its resource, its mapping and its strictness.

    Strict means that a field nobody declared fails its row, as Kasar does; otherwise it is reported once and not read.
    """

    def __init__(self, resource: Resource, column_mapping: Mapping[str, str], *, is_strict: bool = False) -> None:
        self.resource = resource
        self.mapping = checked_mapping(resource, column_mapping)
        self._mapped = {header: field for field, header in self.mapping.items()}
        self._unknown = ProblemCode.UNKNOWN_FIELD if is_strict else ProblemCode.HEADER_UNKNOWN

    def meaning_of(self, header: str) -> HeaderMeaning:
        if field_name := self._mapped.get(trimmed(header)):
            return HeaderMeaning(field_name, HeaderPrecedence.MAPPED)
        name = squeezed(header)
        field = self.resource.by_header.get(name)
        if field and not field.is_computed:
            return HeaderMeaning(
                field.name, HeaderPrecedence.NAMED if squeezed(field.name) == name else HeaderPrecedence.ALIAS
            )
        is_protected = field is not None or name in PROTECTED_NAMES or header.startswith("_")
        return HeaderMeaning(code=ProblemCode.PROTECTED_FIELD if is_protected else self._unknown)

    @staticmethod
    def is_told(header: str, headers: Collection[str]) -> bool:
        """Returns whether it is worth a word that the header is not read: not of those that errors files have."""
        return bool(header.strip()) and not is_error_column(header, headers)

    def finding(self, code: ProblemCode, header: str, row_number: int = 0, line: int | None = None) -> Problem:
        """The problem of a header that is not read."""
        return Problem(code, row_number, line, quoted(header), quoted(header), {"resource": self.resource.name})


def checked_mapping(resource: Resource, column_mapping: Mapping[str, str]) -> dict[str, str]:
    """Header by field, under the fields' own names.

    Raises Refused where the mapping names something that is no field, one field twice, or one header twice.
    """
    checked: dict[str, str] = {}
    for name, header in column_mapping.items():
        field = resource.by_header.get(squeezed(name))
        if field is None or field.is_computed:
            raise _refused(f"'{quoted(name)}' is no field of {resource.name} that a source can give.")
        if not isinstance(header, str) or is_blank(header):
            raise _refused(f"'{quoted(name)}' must be mapped to a header, not {quoted(header)!r}.")
        if field.name in checked or trimmed(header) in checked.values():
            raise _refused(f"'{field.name}' and the header {quoted(header)!r} may each be mapped only once.")
        checked[field.name] = trimmed(header)
    return checked


def _refused(message: str) -> Refused:
    return Refused("invalid_column_mapping", message, param="column_mapping")
