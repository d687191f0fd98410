"""Prevalidation: is the row well formed? Headers are mapped to fields, values typed, the rules of each field kept.

In come rows as the reader of the format gave them; out go drafts, and the rows that failed, with every problem found.
The identity keys of failed rows go along: such a row may still name a record, which an overwrite must then spare. Rows
without an identity that could be read are counted: they might name any record, so an overwrite then deletes none.
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
    """Parses the rows of one source: says which column or key feeds which field, and what values must be."""

    resource: Resource
    mapping: ColumnMapping | KeyMapping
    row_parser: RowParser
    location_id: str | None
    matches_any_field: bool
    required: tuple[str, ...] = ()
    """Fields that every row must give."""
    column_parser: ColumnParser | None = None
    """Where rows can be parsed by columns."""
    mentioned: MentionedIdentities | None = None
    """Finds identities that no field reads; in an overwrite only."""

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
        """Returns the parser for an import's source; `headers` are empty for JSON.

        Raises Refused where the headers do not fit the import, as `map_headers` says.
        """
        mapping = map_headers(import_, resource, headers, limits)
        row_parser = RowParser(resource, limits, null_marker=import_.reading.null_marker, notations=notations)
        rules = import_.rules
        column_parser = None
        if isinstance(mapping, ColumnMapping) and not (rules.matches_any_field or rules.required):
            column_parser = ColumnParser.of(resource, mapping, limits, import_, notations)
        return cls(
            resource=resource,
            mapping=mapping,
            row_parser=row_parser,
            location_id=import_.location_id,
            matches_any_field=rules.matches_any_field,
            required=rules.required,
            column_parser=column_parser,
            mentioned=MentionedIdentities(resource, mapping) if import_.action is Action.OVERWRITE else None,
        )

    @property
    def findings(self) -> tuple[Problem, ...]:
        """What was found out about headers; about the keys of JSON rows only when they have been read."""
        return tuple(self.mapping.problems)

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys of the JSON rows that have been read."""
        return self.mapping.keys if isinstance(self.mapping, KeyMapping) else ()

    @property
    def fed(self) -> tuple[str, ...] | None:
        """The fields that keys of JSON rows have fed so far; None where no row was read as an object, and of cells,
        whose headers were judged before."""
        if isinstance(self.mapping, KeyMapping) and self.mapping.rows:
            return tuple(sorted(self.mapping.fed))
        return None


@dataclass(slots=True)
class Prevalidated:
    """What became of a block of rows."""

    drafts: list[Draft]
    """Rows without an error, without their fields."""
    fields: FieldBlock
    """What the drafts give."""
    outcomes: list[RowOutcome] = field(default_factory=list)
    """The rows that failed."""
    failed_keys: set[str] = field(default_factory=set)
    """Identity keys of the rows that failed."""
    mentioned: set[str] = field(default_factory=set)
    """In an overwrite, keys of identities that stand where no field reads them."""
    nameless: int = 0
    """Rows, failed or not, without an identity that could be read: each might name any record."""


def prevalidate(block: RowBlock, parser: SourceParser) -> Prevalidated:
    """Returns the drafts and the failed rows of a block, both in file order.

    Rows of cells are parsed column by column; JSON rows, and rows that are irregular, one by one (ADR 8).
    """
    parse = parser.column_parser.parse if parser.column_parser else _all_irregular
    parsed = parse(block)
    done = Prevalidated(parsed.drafts, parsed.fields)
    for draft in parsed.drafts:
        if not draft.identity_keys:
            draft.problems.append(_without_identity(draft.row_number, draft.line, parser.resource))
            done.nameless += 1
    for one in parsed.rejected:
        _fail(done, (one.row_number, one.line), one.keys, one.problems, parser.resource)
    for row in parsed.irregular:
        _add_row(done, row, parser)
    if parser.mentioned:
        done.mentioned = parser.mentioned.in_rows(block.given)
    if parsed.irregular:
        done.drafts.sort(key=attrgetter("row_number"))
        done.outcomes.sort(key=attrgetter("row_number"))
    return done


def _all_irregular(block: RowBlock) -> ParsedBlock:
    return ParsedBlock(irregular=[*block.each_row()])


def _add_row(done: Prevalidated, row: Row, parser: SourceParser) -> None:
    fields, problems = _parse(row, parser)
    keys = _keys(fields, parser)
    if has_error(problems):
        _fail(done, (row.number, row.line), keys, problems, parser.resource)
        return
    warnings = problems if keys else [*problems, _without_identity(row.number, row.line, parser.resource)]
    done.nameless += not keys
    done.drafts.append(Draft(row.number, row.line, {}, keys, problems=warnings))
    done.fields.irregular[row.number] = fields


def _fail(
    done: Prevalidated, place: tuple[int, int], keys: list[str], problems: list[Problem], resource: Resource
) -> None:
    """`place` is row number and line."""
    done.outcomes.append(RowOutcome(*place, Outcome.FAILED, None, problems))
    done.failed_keys.update(keys)
    done.nameless += not keys or has_invalid_identity(resource, problems)


def _parse(row: Row, parser: SourceParser) -> tuple[Fields, list[Problem]]:
    """Returns the valid fields, even where others are not, and all problems. Whether required fields are missing only
    processing can tell, because a row that changes a record need not repeat them."""
    if has_error(row.problems):
        return {}, row.problems
    given, header_problems = parser.mapping.read(row.given, row.number, row.line)  # type: ignore[arg-type] # by its kind
    given = {**given, **row.corrections} if row.corrections else given
    fields, problems = parser.row_parser.parse(given, row.number, row.line)
    fields = with_location(parser.resource, fields, parser.location_id)
    return fields, [*row.problems, *header_problems, *problems, *_each_missing(row, fields, problems, parser.required)]


def _each_missing(row: Row, fields: Fields, problems: Iterable[Problem], required: Iterable[str]) -> Iterator[Problem]:
    """Yields the fields that the row had to give and did not; invalid ones have been reported already."""
    reported = {problem.field for problem in problems}
    for name in required:
        if fields.get(name) is None and name not in reported:
            yield Problem(ProblemCode.REQUIRED, row.number, row.line, name)


def _keys(fields: Fields, parser: SourceParser) -> list[str]:
    """Where any field may match, match fields count like identities."""
    keys = identity_keys(parser.resource, fields)
    return [*keys, *match_keys(parser.resource, fields)] if parser.matches_any_field else keys


def _without_identity(row_number: int, line: int, resource: Resource) -> Problem:
    names = ", ".join(identity.name for identity in resource.identities)
    return Problem(ProblemCode.NO_IDENTITY, row_number, line, facts={"identities": names})
