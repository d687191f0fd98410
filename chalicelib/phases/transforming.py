"""Transforming: finds which stored record each row means, by every identity it gives.

In come the drafts of one batch, the drops preparsing decided, and a look-up; out go drafts with record ids and rows
that left: duplicates are skipped, rows that mean more than one record fail. Rows that mean none get an id of their own,
derived from import and row, so that a retry makes the same record again.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from chalicelib.model.ids import RecordId
from chalicelib.model.problem_codes import ProblemCode
from chalicelib.model.rows import Departure, Draft
from chalicelib.phases.departing import fail, without_duplicates
from chalicelib.rules.duplicates import Drop

FindClaims = Callable[[Iterable[str]], Mapping[str, RecordId]]


@dataclass(frozen=True, slots=True)
class Transformed:
    drafts: list[Draft] = field(default_factory=list)
    departures: list[Departure] = field(default_factory=list)
    named: frozenset[RecordId] = frozenset()
    """Every stored record that a row of the batch names, whatever became of the row."""


def transform(
    drafts: Sequence[Draft],
    drops: Mapping[int, Drop],
    find_claims: FindClaims,
    new_id: Callable[[Draft], RecordId],
    *,
    also_named: Iterable[str] = (),
) -> Transformed:
    """`also_named` are keys of rows that failed before: they name records too, which an overwrite must not clean up."""
    holders = find_claims(_all_keys(drafts, also_named))
    kept, departures = without_duplicates(drafts, drops)
    going: list[Draft] = []
    for draft in kept:
        meant = {holders[key] for key in draft.identity_keys if key in holders}
        if len(meant) > 1:
            departures.append(fail(draft, ProblemCode.AMBIGUOUS_MATCH, records=", ".join(sorted(meant))))
            continue
        draft.is_match = bool(meant)
        draft.record_id = meant.pop() if meant else new_id(draft)
        going.append(draft)
    return Transformed(going, departures, frozenset(holders.values()))


def _all_keys(drafts: Iterable[Draft], also_named: Iterable[str]) -> set[str]:
    return {key for draft in drafts for key in draft.identity_keys}.union(also_named)
