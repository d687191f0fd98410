"""Prevalidation: is the row well formed? Headers are mapped, values typed, the schema kept.

In come rows as the reader gave them; out go drafts, and the rows that failed, with every problem found. The keys of
failed rows go along: such a row may still name a record, which an overwrite must then spare. Rows that carry no
identity which could be read are counted: they might name any record, so that an overwrite deletes none.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from operator import attrgetter

from chalicelib.imports.phases.outcomes import has_error
from chalicelib.model.imports import Action, Import
from chalicelib.model.limits import Limits
from chalicelib.model.notations import NOTHING_KNOWN, SourceNotations
from chalicelib.model.problem_codes import ProblemCode
from chalicelib.model.problems import Problem
from chalicelib.model.resources import Resource
from chalicelib.model.rows import Draft, FieldBlock, Fields, Outcome, Row, RowBlock, RowOutcome
from chalicelib.schema.column_mapping import ColumnMapping
from chalicelib.schema.column_parser import ColumnParser, ParsedBlock
from chalicelib.schema.defaults import with_location
from chalicelib.schema.identity import has_invalid_identity, identity_keys, match_keys
from chalicelib.schema.key_mapping import KeyMapping
from chalicelib.schema.mentioned_identities import MentionedIdentities
from chalicelib.schema.row_parser import RowParser
from chalicelib.schema.wrong_source import map_headers


@dataclass(frozen=True, slots=True)
class SourceParser:
    """How the rows of one source are read: which column or key feeds which field, and what values must be."""

    resource: Resource
    plan: ColumnMapping | KeyMapping
    schema: RowParser
    location_id: str | None
    matches_any_field: bool
    required: tuple[str, ...] = ()
    """Fields that every row must give."""
    sheet: ColumnParser | None = None
    """Where rows can be read by columns."""
    mentions: MentionedIdentities | None = None
    """Of an overwrite."""

    @classmethod
    def of(
        cls,
        resource: Resource,
        import_: Import,
        limits: Limits,
        headers: tuple[str, ...],
        *,
        notations: SourceNotations = NOTHING_KNOWN,
    ) -> "SourceParser":
        """`headers` are empty for JSON. Raises Refused where they do not fit the import (`map_headers`)."""
        plan = map_headers(import_, resource, headers)
        schema = RowParser(resource, limits, null_marker=import_.reading.null_marker, notations=notations)
        rules = import_.rules
        sheet = None
        if isinstance(plan, ColumnMapping) and not (rules.matches_any_field or rules.required):
            sheet = ColumnParser.of(resource, plan, limits, import_, notations)
        mentions = MentionedIdentities(resource, plan) if import_.action is Action.OVERWRITE else None
        where = import_.location_id
        return cls(resource, plan, schema, where, rules.matches_any_field, rules.required, sheet, mentions)

    @property
    def findings(self) -> tuple[Problem, ...]:
        """What was found out about headers; about the keys of JSON rows only when they have been read."""
        return tuple(self.plan.problems)

    @property
    def keys(self) -> tuple[str, ...] | None:
        """Of the JSON rows that have been read; None where there were too many to remember."""
        return self.plan.keys if isinstance(self.plan, KeyMapping) else ()

    @property
    def fed(self) -> tuple[str, ...] | None:
        """The fields that keys of JSON rows have fed so far; None where no row was read as an object, and of cells,
        whose headers were judged before."""
        is_known = isinstance(self.plan, KeyMapping) and self.plan.rows > 0
        return tuple(sorted(self.plan.fed)) if is_known and isinstance(self.plan, KeyMapping) else None


@dataclass(slots=True)
class Prevalidated:
    """A block of rows, read."""

    drafts: list[Draft]
    """Without their fields."""
    fields: FieldBlock
    """What the drafts give."""
    departures: list[RowOutcome] = field(default_factory=list)
    failed_keys: set[str] = field(default_factory=set)
    """Identity keys of the rows that failed."""
    mentioned: set[str] = field(default_factory=set)
    """In an overwrite, keys of identities that stand where no field reads them."""
    nameless: int = 0
    """Rows, failed or not, that carry no identity which could be read: each might name any record."""


def prevalidate(block: RowBlock, reading: SourceParser) -> Prevalidated:
    """Rows of cells are typed column by column; rows of another kind, and those with which something is odd, are read
    one by one (ADR 8)."""
    sheet = reading.sheet
    found = sheet.sort_out(block) if sheet else ParsedBlock(others=[*block.each_row()])
    done = Prevalidated(found.drafts, found.fields)
    for draft in found.drafts:
        if not draft.identity_keys:
            draft.problems.append(_without_identity(draft.row_number, draft.line, reading.resource))
            done.nameless += 1
    for one in found.flawed:
        _fail(done, (one.row_number, one.line), one.keys, one.problems, reading.resource)
    for row in found.others:
        _add_row(done, row, reading)
    if reading.mentions:
        done.mentioned = reading.mentions.in_rows(block.given)
    if found.others:
        done.drafts.sort(key=attrgetter("row_number"))
        done.departures.sort(key=attrgetter("row_number"))
    return done


def _add_row(done: Prevalidated, row: Row, reading: SourceParser) -> None:
    fields, problems = _read(row, reading)
    keys = _keys(fields, reading)
    if has_error(problems):
        _fail(done, (row.number, row.line), keys, problems, reading.resource)
        return
    warnings = problems if keys else [*problems, _without_identity(row.number, row.line, reading.resource)]
    done.nameless += not keys
    done.drafts.append(Draft(row.number, row.line, {}, keys, problems=warnings))
    done.fields.others[row.number] = fields


def _fail(
    done: Prevalidated, place: tuple[int, int], keys: list[str], problems: list[Problem], resource: Resource
) -> None:
    """`place`: row number and line."""
    done.departures.append(RowOutcome(*place, Outcome.FAILED, None, problems))
    done.failed_keys.update(keys)
    done.nameless += not keys or has_invalid_identity(resource, problems)


def _read(row: Row, reading: SourceParser) -> tuple[Fields, list[Problem]]:
    """The fields that could be read, even where others could not; whether required ones are missing only processing
    can tell, because a row that changes a record need not repeat them."""
    if has_error(row.problems):
        return {}, row.problems
    given, header_problems = reading.plan.read(row.given, row.number, row.line)  # type: ignore[arg-type] # by its kind
    fields, problems = reading.schema.read(given, row.number, row.line)
    fields = with_location(reading.resource, fields, reading.location_id)
    return fields, [*row.problems, *header_problems, *problems, *_each_missing(row, fields, problems, reading.required)]


def _each_missing(row: Row, fields: Fields, problems: Iterable[Problem], required: Iterable[str]) -> Iterator[Problem]:
    """Fields that the row had to give and did not; what could not be read is told already."""
    told = {problem.field for problem in problems}
    for name in required:
        if fields.get(name) is None and name not in told:
            yield Problem(ProblemCode.REQUIRED, row.number, row.line, name)


def _keys(fields: Fields, reading: SourceParser) -> list[str]:
    """By what the row is known; where any field may match, match fields count like identities."""
    keys = identity_keys(reading.resource, fields)
    return [*keys, *match_keys(reading.resource, fields)] if reading.matches_any_field else keys


def _without_identity(row_number: int, line: int, resource: Resource) -> Problem:
    names = ", ".join(identity.name for identity in resource.identities)
    return Problem(ProblemCode.NO_IDENTITY, row_number, line, facts={"identities": names})
