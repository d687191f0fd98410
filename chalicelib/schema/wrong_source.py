"""Refuses a source that cannot be meant for its resource: headers and what they feed go in, a refusal comes out.

The whole source is judged once, before anything is written. A file of something else, an error message in place of
data, or headers in another language would otherwise fail every row, and an overwrite of such a file would delete every
record, since no row names any.
"""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Protocol

from chalicelib.errors import Refused
from chalicelib.model.imports import Action
from chalicelib.model.limits import Limits
from chalicelib.model.problem_codes import ProblemCode, Severity
from chalicelib.model.problems import Problem, quoted
from chalicelib.model.resources import Identity, Resource
from chalicelib.model.row_rules import RowRules
from chalicelib.schema.column_mapping import ColumnMapping
from chalicelib.schema.header_rules import HeaderRules
from chalicelib.schema.key_mapping import KeyMapping

NEEDING_IDENTITY = frozenset({Action.OVERWRITE, Action.UPDATE, Action.DELETE})
"""Actions whose rows must say which record they mean."""

NAMES_SHOWN = 20
"""Headers or fields that a message lists at most."""


class RequestedImport(Protocol):
    """What these checks must know of an import; the request for one knows it too."""

    @property
    def action(self) -> Action:
        """What rows do to the records they match."""

    @property
    def column_mapping(self) -> Mapping[str, str]:
        """The headers by field name, as the caller gave them."""

    @property
    def location_id(self) -> str | None:
        """The location that the import is limited to, None for all."""

    @property
    def rules(self) -> RowRules:
        """How the rows are taken, where dialects differ."""


@dataclass(frozen=True, slots=True)
class SourceHeaders:
    """The headers of a source, and what they feed, before its rows are looked at one by one."""

    headers: Sequence[str]
    """Headers of columns, or keys of JSON rows."""
    fed: Set[str]
    """The fields that the headers feed."""


def map_headers(
    requested: RequestedImport, resource: Resource, headers: Sequence[str], limits: Limits
) -> ColumnMapping | KeyMapping:
    """Returns which column or key feeds which field; `headers` are empty for JSON, whose keys are judged when known.

    Raises Refused: `invalid_column_mapping` where the mapping does not fit the headers, or as `check_source`.
    """
    rules = HeaderRules(resource, requested.column_mapping, is_strict=requested.rules.refuses_unknown_fields)
    if not headers:
        return KeyMapping(rules, limits.columns)
    mapping = ColumnMapping(rules, headers)
    missing = [problem.message for problem in mapping.problems if problem.severity is Severity.ERROR]
    if missing:
        raise Refused("invalid_column_mapping", " ".join(missing), param="column_mapping")
    check_source(requested, resource, SourceHeaders(headers, {*mapping.fields}))
    return mapping


def check_source(requested: RequestedImport, resource: Resource, source: SourceHeaders) -> None:
    """Raises Refused: `no_known_header` where no header feeds any field; `no_identity_column` where none feeds an
    identity and the action needs one.

    JSON without any keys has no header, so `no_known_header` does not apply to it.
    """
    shown = [*source.headers][:NAMES_SHOWN]
    if source.headers and not source.fed:
        raise Refused("no_known_header", _unknown(resource, source.headers), headers=shown)
    if needs_identity(requested) and not feeds_identity(requested, resource, source.fed):
        raise Refused(
            "no_identity_column", _no_identity(requested, resource, source), headers=[*source.headers][:NAMES_SHOWN]
        )


def is_fit(requested: RequestedImport, resource: Resource, fed: Set[str]) -> bool:
    """Returns whether the fields that a source feeds so far are enough, so that it is not refused for the rest."""
    return bool(fed) and (not needs_identity(requested) or feeds_identity(requested, resource, fed))


def needs_identity(requested: RequestedImport) -> bool:
    """Returns whether rows must say which record they mean: by their action, or where the import states by what."""
    is_stated = bool(requested.rules.match_by) and requested.action is not Action.CREATE
    return requested.action in NEEDING_IDENTITY or is_stated


def feeds_identity(requested: RequestedImport, resource: Resource, fed: Set[str]) -> bool:
    """Returns whether some identity has all its fields among these.

    Fields that stand for an identity's own count, and so does the import's location where it completes an identity of
    several fields.
    """
    given = {*fed} | {resource.stand_ins[name] for name in fed & resource.stand_ins.keys()}
    completed = given | {resource.location_field} if requested.location_id else given
    return any(
        completed.issuperset(one.fields) and not given.isdisjoint(one.fields)
        for one in _identities(requested, resource)
    )


def find_mostly_unknown(requested: RequestedImport, resource: Resource, headers: Sequence[str]) -> Problem | None:
    """Returns the finding that more than half of the headers are unknown, which is told before all others; None where
    fewer are."""
    rules = HeaderRules(resource, requested.column_mapping)
    reported = [(header, rules.meaning_of(header)) for header in headers if rules.is_reported(header, headers)]
    unknown = [
        header for header, meaning in reported if not meaning.field and meaning.code is ProblemCode.HEADER_UNKNOWN
    ]
    if 2 * len(unknown) <= len(reported):
        return None
    facts: dict[str, str | int] = {"unknown": len(unknown), "headers": len(reported), "resource": resource.name}
    return Problem(ProblemCode.HEADERS_MOSTLY_UNKNOWN, value=quoted(_listed(unknown)), facts=facts)


def _identities(requested: RequestedImport, resource: Resource) -> tuple[Identity, ...]:
    match_by = requested.rules.match_by
    if match_by:
        return tuple(one for one in resource.identities if one.name in match_by)
    return (*resource.identities, *(resource.match_fields if requested.rules.matches_any_field else ()))


def _unknown(resource: Resource, headers: Sequence[str]) -> str:
    known = _listed([one.name for one in resource.fields if not one.is_computed])
    return (
        f"No header of the source is a field of {resource.name}; it has: {_listed(headers)}. Check that this is the "
        f"right file and resource; otherwise rename its headers, or map them with column_mapping. Fields are: {known}."
    )


def _no_identity(requested: RequestedImport, resource: Resource, source: SourceHeaders) -> str:
    names = ", ".join(one.name for one in _identities(requested, resource))
    return (
        f"To {requested.action.value} {resource.name}, rows must say which record they mean, by one of: {names}. "
        f"No header of the source feeds any of them; it has: {_listed(source.headers) or 'none'}. "
        "Rename the header that holds one, or map it with column_mapping."
    )


def _listed(names: Sequence[str]) -> str:
    """Returns names as a message lists them, each cut to what messages quote."""
    shown = [quoted(name) for name in names[:NAMES_SHOWN] if name.strip()]
    rest = len(names) - NAMES_SHOWN
    return ", ".join(shown) + (f" and {rest} more" if rest > 0 else "")
