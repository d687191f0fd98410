"""Says what headers of columns and keys of JSON rows mean: headers and the caller's `column_mapping` go in.

An explicit mapping wins over a header that is a field's name, and that over an alias; of equals the first column wins.
Fields that the service sets itself, and names that stores and dialects live by, are reported and never read. By these
rules `column_mapping.py` maps columns to fields, and `key_mapping.py` the keys of JSON rows, which may differ from row
to row.
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


NOT_READ = ""
"""Where a column mapping has this in the place of a header, no column feeds the field, whatever its header is."""


class HeaderPrecedence(IntEnum):
    """How surely a header means its field; of two headers for one field the lower value wins."""

    MAPPED = 0
    NAMED = 1
    ALIAS = 2


@dataclass(frozen=True, slots=True)
class HeaderMeaning:
    """What one header or key stands for: a field, or the reason why it is not read."""

    field: str = ""
    """The field that it feeds; empty where it feeds none."""
    precedence: HeaderPrecedence = HeaderPrecedence.ALIAS
    code: ProblemCode = ProblemCode.HEADER_UNKNOWN
    """Why it is not read, where it feeds no field."""

    def may_hold(self, fields: Set[str]) -> bool:
        """Returns whether values under this header, where they are not read, may belong to one of these fields.

        Values under a header that the service sets itself never do.
        """
        return self.field in fields if self.field else self.code is not ProblemCode.PROTECTED_FIELD


class HeaderRules:
    """What the headers of one import mean, by its resource, its mapping and its strictness.

    Strict means that an undeclared field fails its row, as in Kasar; otherwise it is reported once and not read.
    """

    def __init__(self, resource: Resource, column_mapping: Mapping[str, str], *, is_strict: bool = False) -> None:
        self.resource = resource
        mapping = checked_mapping(resource, column_mapping)
        self.headers_by_field = {field: header for field, header in mapping.items() if header != NOT_READ}
        """What the caller has mapped."""
        self._not_read = mapping.keys() - self.headers_by_field.keys()
        self._fields_by_header = {header: field for field, header in self.headers_by_field.items()}
        self._unknown = ProblemCode.UNKNOWN_FIELD if is_strict else ProblemCode.HEADER_UNKNOWN

    def meaning_of(self, header: str) -> HeaderMeaning:
        """Returns the field that a header feeds, or why it feeds none."""
        if field_name := self._fields_by_header.get(trimmed(header)):
            return HeaderMeaning(field_name, HeaderPrecedence.MAPPED)
        name = squeezed(header)
        field = self.resource.by_header.get(name)
        if field and field.name in self._not_read:
            return HeaderMeaning(code=self._unknown)
        if field and not field.is_computed:
            is_name = squeezed(field.name) == name
            return HeaderMeaning(field.name, HeaderPrecedence.NAMED if is_name else HeaderPrecedence.ALIAS)
        is_protected = field is not None or name in PROTECTED_NAMES or header.startswith("_")
        return HeaderMeaning(code=ProblemCode.PROTECTED_FIELD if is_protected else self._unknown)

    @staticmethod
    def is_reported(header: str, headers: Collection[str]) -> bool:
        """Returns whether callers are told that this header is not read: not of columns that errors files have."""
        return bool(header.strip()) and not is_error_column(header, headers)

    def problem_of(self, code: ProblemCode, header: str, row_number: int = 0, line: int | None = None) -> Problem:
        """Returns the problem of a header that is not read."""
        return Problem(code, row_number, line, quoted(header), quoted(header), {"resource": self.resource.name})


def checked_mapping(resource: Resource, column_mapping: Mapping[str, str]) -> dict[str, str]:
    """Returns header by field, under the fields' own names; `NOT_READ` stays as it is.

    Raises Refused `invalid_column_mapping` where the mapping names something that is no field, one field twice, or one
    header twice.
    """
    checked: dict[str, str] = {}
    for name, header in column_mapping.items():
        field = resource.by_header.get(squeezed(name))
        if field is None or field.is_computed:
            raise _refused(f"'{quoted(name)}' is no field of {resource.name} that a source can give.")
        if not isinstance(header, str) or (header != NOT_READ and is_blank(header)):
            raise _refused(f"'{quoted(name)}' must be mapped to a header, not {quoted(header)!r}.")
        if field.name in checked or (header != NOT_READ and trimmed(header) in checked.values()):
            raise _refused(f"'{field.name}' and the header {quoted(header)!r} may each be mapped only once.")
        checked[field.name] = trimmed(header)
    return checked


def _refused(message: str) -> Refused:
    return Refused("invalid_column_mapping", message, param="column_mapping")
