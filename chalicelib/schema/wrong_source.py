"""Says whether a source can be meant for its resource at all: what its headers feed goes in, a refusal comes out.

It is judged once for the whole source, before anything is written. A file of something else, an error message in
place of data, or headers in another language would otherwise fail every row, and an overwrite of such a file would
delete every record, since no row names any.
"""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Protocol

from chalicelib.errors import Refused
from chalicelib.model.imports import Action, RowRules
from chalicelib.model.problem_codes import ProblemCode, Severity
from chalicelib.model.problems import Problem, quoted
from chalicelib.model.resources import Identity, Resource
from chalicelib.schema.column_mapping import ColumnMapping
from chalicelib.schema.header_rules import HeaderRules
from chalicelib.schema.key_mapping import KeyMapping

NAMING = frozenset({Action.OVERWRITE, Action.UPDATE, Action.DELETE})
"""Actions whose rows must say which record they mean."""

NAMES_SHOWN = 20
"""A message lists at most this many headers or fields."""


class RequestedImport(Protocol):
    """What was asked for, by an import or by the request for one."""

    @property
    def action(self) -> Action: ...
    @property
    def column_mapping(self) -> Mapping[str, str]: ...
    @property
    def location_id(self) -> str | None: ...
    @property
    def rules(self) -> RowRules: ...


@dataclass(frozen=True, slots=True)
class SourceHeaders:
    """What a source shows of itself before its rows are looked at one by one."""

    headers: Sequence[str]
    """Headers of columns, or keys of JSON rows."""
    fed: Set[str]
    """The fields that they feed."""


def map_headers(asked: RequestedImport, resource: Resource, headers: Sequence[str]) -> ColumnMapping | KeyMapping:
    """Which column or key feeds which field; `headers` are empty for JSON, whose keys are judged when they are known.

    Raises Refused: `invalid_column_mapping` where the mapping does not fit the headers, or as `check_source`.
    """
    rules = HeaderRules(resource, asked.column_mapping, is_strict=asked.rules.refuses_unknown_fields)
    if not headers:
        return KeyMapping(rules)
    plan = ColumnMapping(rules, headers)
    missing = [problem.message for problem in plan.problems if problem.severity is Severity.ERROR]
    if missing:
        raise Refused("invalid_column_mapping", " ".join(missing), param="column_mapping")
    check_source(asked, resource, SourceHeaders(headers, {*plan.fields}))
    return plan


def check_source(asked: RequestedImport, resource: Resource, seen: SourceHeaders) -> None:
    """Raises Refused: `no_known_header` where no header feeds any field; `no_identity_column` where none feeds an
    identity and the action needs one. A source without any header, which only JSON can be, has nothing unknown."""
    if seen.headers and not seen.fed:
        raise Refused("no_known_header", _unknown(resource, seen.headers), headers=[*seen.headers][:NAMES_SHOWN])
    if asked.action in NAMING and not feeds_identity(asked, resource, seen.fed):
        raise Refused("no_identity_column", _nameless(asked, resource, seen), headers=[*seen.headers][:NAMES_SHOWN])


def is_fit(asked: RequestedImport, resource: Resource, fed: Set[str]) -> bool:
    """Whether the fields that a source feeds are enough, whatever else it has: then it is never refused."""
    return bool(fed) and (asked.action not in NAMING or feeds_identity(asked, resource, fed))


def feeds_identity(asked: RequestedImport, resource: Resource, fed: Set[str]) -> bool:
    """Whether these fields are all that some identity is made of. Fields that stand for an identity's own count, and
    so does the import's location where it completes an identity of several fields."""
    given = {*fed} | {resource.stand_ins[name] for name in fed & resource.stand_ins.keys()}
    completed = given | {resource.location_field} if asked.location_id else given
    return any(
        completed.issuperset(one.fields) and not given.isdisjoint(one.fields) for one in _identities(asked, resource)
    )


def find_mostly_unknown(asked: RequestedImport, resource: Resource, headers: Sequence[str]) -> Problem | None:
    """The finding that more than half of the headers mean nothing, which is to be told before anything about rows."""
    rules = HeaderRules(resource, asked.column_mapping)
    meant = [(header, rules.meaning_of(header)) for header in headers if rules.is_told(header, headers)]
    unknown = [header for header, meaning in meant if not meaning.field and meaning.code is ProblemCode.HEADER_UNKNOWN]
    if 2 * len(unknown) <= len(meant):
        return None
    facts: dict[str, str | int] = {"unknown": len(unknown), "headers": len(meant), "resource": resource.name}
    return Problem(ProblemCode.HEADERS_MOSTLY_UNKNOWN, value=quoted(_listed(unknown)), facts=facts)


def _identities(asked: RequestedImport, resource: Resource) -> tuple[Identity, ...]:
    return (*resource.identities, *(resource.match_fields if asked.rules.matches_any_field else ()))


def _unknown(resource: Resource, headers: Sequence[str]) -> str:
    known = _listed([one.name for one in resource.fields if not one.is_computed])
    return (
        f"No header of the source is a field of {resource.name}; it has: {_listed(headers)}. Check that this is the "
        f"right file and resource; otherwise rename its headers, or map them with column_mapping. Fields are: {known}."
    )


def _nameless(asked: RequestedImport, resource: Resource, seen: SourceHeaders) -> str:
    names = ", ".join(one.name for one in _identities(asked, resource))
    return (
        f"To {asked.action.value} {resource.name}, rows must say which record they mean, by one of: {names}. "
        f"No header of the source feeds any of them; it has: {_listed(seen.headers) or 'none'}. "
        "Rename the header that holds one, or map it with column_mapping."
    )


def _listed(names: Sequence[str]) -> str:
    """Each cut to what a message quotes."""
    shown = [quoted(name) for name in names[:NAMES_SHOWN] if name.strip()]
    rest = len(names) - NAMES_SHOWN
    return ", ".join(shown) + (f" and {rest} more" if rest > 0 else "")
