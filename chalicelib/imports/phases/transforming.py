"""Transforming: finds which stored record each row means, by every identity it gives.

In come the drafts of one batch, the duplicates that preparsing found, and a look-up; out go drafts with record ids, and
outcomes: duplicates are skipped, rows that mean more than one record fail. Rows that mean none get an id of their own,
derived from import and row, so that a retry makes the same record again.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain

from chalicelib.imports.phases.duplicates import DuplicateRow
from chalicelib.imports.phases.outcomes import fail_row, finish_row, without_duplicates
from chalicelib.model.identity_keys import ID_PREFIX, identity_of
from chalicelib.model.ids import RecordId
from chalicelib.model.problem_codes import ProblemCode
from chalicelib.model.problems import Problem
from chalicelib.model.rows import Draft, Outcome, RowOutcome
from chalicelib.schema.matching import CarriedKeys, StatedMatch, deciding_keys, find_stated


@dataclass(frozen=True, slots=True)
class MatchLookUp:
    """Finds which record each key means, and says what a match leads to."""

    find: Callable[[Iterable[str]], Mapping[str, RecordId]]
    find_now: Callable[[Iterable[str]], Mapping[str, RecordId]] | None = None
    """Finds the same as it is now, where `find` may tell what was a moment ago; None where it never does."""
    skips_matches: bool = False
    """Whether a row that means a record is skipped as a duplicate of it."""
    stated: "StatedIdentities | None" = None
    """By which identities alone rows mean records; None where all of them count."""


@dataclass(frozen=True, slots=True)
class StatedIdentities:
    """The identities by which an import states that its rows mean records, and what has to be known of the records."""

    match_by: tuple[str, ...]
    """Their names, the first of which that finds a record decides."""
    find_carried: Callable[[Iterable[RecordId]], CarriedKeys]
    """Finds the keys that records carry."""
    takes_id: bool = True
    """Whether a row's id is meant for its record, so that it cannot be that of another one."""


@dataclass(frozen=True, slots=True)
class Transformed:
    """What became of the drafts of a batch."""

    drafts: list[Draft] = field(default_factory=list)
    outcomes: list[RowOutcome] = field(default_factory=list)
    """The rows that were skipped or failed."""
    named: frozenset[RecordId] = frozenset()
    """Every stored record that a row of the batch names, whatever became of the row."""


def transform(
    drafts: Sequence[Draft],
    duplicates: Mapping[int, DuplicateRow],
    look_up: MatchLookUp,
    new_ids: Callable[[Sequence[Draft]], Sequence[RecordId]],
    *,
    also_named: Iterable[str] = (),
) -> Transformed:
    """Returns the drafts with their record ids, and the rows that end here.

    `duplicates` are by row number. `also_named` are keys of rows that failed before: they name records too, which an
    overwrite must not clean up.
    """
    holders = _confirmed(look_up, look_up.find(_all_keys(drafts, also_named)), drafts)
    kept, outcomes = without_duplicates(drafts, duplicates)
    going = kept
    if holders:
        match = _matched if look_up.stated is None else _matched_as_stated
        going, ended = match(kept, holders, look_up)
        outcomes += ended
    fresh = [draft for draft in going if not draft.is_match]
    for draft, record_id in zip(fresh, new_ids(fresh), strict=True):
        draft.record_id = record_id
    return Transformed(going, outcomes, frozenset(holders.values()))


def _confirmed(
    look_up: MatchLookUp, holders: Mapping[str, RecordId], drafts: Iterable[Draft]
) -> Mapping[str, RecordId]:
    """What was found, looked for anew where a row means several records: it ends here, and no write would find out that
    one of them has let go of its identity a moment ago."""
    if look_up.find_now is None:
        return holders
    several = (one for one in drafts if len({holders[key] for key in one.identity_keys if key in holders}) > 1)
    doubtful = {key for draft in several for key in draft.identity_keys}
    if not doubtful:
        return holders
    sure = {key: record_id for key, record_id in holders.items() if key not in doubtful}
    return {**sure, **look_up.find_now(doubtful)}


def _matched(
    drafts: Iterable[Draft], holders: Mapping[str, RecordId], look_up: MatchLookUp
) -> tuple[list[Draft], list[RowOutcome]]:
    """The drafts that go on, each with the id of the record that it means, if any; and the rows that end."""
    going: list[Draft] = []
    outcomes: list[RowOutcome] = []
    for draft in drafts:
        meant = {holders[key]: key for key in reversed(draft.identity_keys) if key in holders}
        ended = _find_outcome(draft, meant, look_up) if meant else None
        if ended:
            outcomes.append(ended)
            continue
        draft.is_match, draft.record_id = bool(meant), next(iter(meant), None)
        going.append(draft)
    return going, outcomes


def _matched_as_stated(
    drafts: Sequence[Draft], holders: Mapping[str, RecordId], look_up: MatchLookUp
) -> tuple[list[Draft], list[RowOutcome]]:
    """As `_matched`, where only some identities count, the first of them before all others."""
    assert look_up.stated is not None, "this is what they are matched by"
    stated = look_up.stated
    keys = [deciding_keys(draft.identity_keys, stated.match_by) for draft in drafts]
    doubtful = {holders[key] for of in keys if of and of[0] not in holders for key in of[1:] if key in holders}
    carried = stated.find_carried(doubtful) if doubtful else {}
    going: list[Draft] = []
    outcomes: list[RowOutcome] = []
    for draft, of in zip(drafts, keys, strict=True):
        match = find_stated(of, holders, carried)
        ended = _find_contradiction(draft, match, holders, takes_id=stated.takes_id) if match else None
        if ended:
            outcomes.append(ended)
            continue
        draft.is_match, draft.record_id = match is not None, match.record_id if match else None
        going.append(draft)
    return going, outcomes


def _find_contradiction(
    draft: Draft, match: StatedMatch, holders: Mapping[str, RecordId], *, takes_id: bool
) -> RowOutcome | None:
    """A record never gets another id; nor is it meant by a row that gives it another value for a surer identity."""
    if match.contradicted:
        field = identity_of(match.contradicted)
        records = f"{match.record_id} by {identity_of(match.key)}, and one with another {field}"
        return fail_row(draft, ProblemCode.AMBIGUOUS_MATCH, field, records=records)
    other = holders.get(draft.identity_keys[0])
    if takes_id and draft.identity_keys[0].startswith(ID_PREFIX) and other not in (None, match.record_id):
        return fail_row(draft, ProblemCode.IDENTITY_TAKEN, "id", record=str(other))
    return None


def _find_outcome(draft: Draft, meant: Mapping[RecordId, str], look_up: MatchLookUp) -> RowOutcome | None:
    """A row that means several records fails; where a match is a duplicate, one is enough to skip it."""
    if look_up.skips_matches:
        record_id, key = next(iter(meant.items()))
        facts = {"record": record_id}
        problem = Problem(ProblemCode.MATCHES_RECORD, draft.row_number, draft.line, identity_of(key), facts=facts)
        return finish_row(draft, Outcome.SKIPPED, problem)
    if len(meant) > 1:
        return fail_row(draft, ProblemCode.AMBIGUOUS_MATCH, records=", ".join(sorted(meant)))
    return None


def _all_keys(drafts: Iterable[Draft], also_named: Iterable[str]) -> set[str]:
    keys = set(chain.from_iterable([draft.identity_keys for draft in drafts]))
    keys.update(also_named)
    return keys
