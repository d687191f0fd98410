"""A sequential model of the record store, which judges what several imports did at once by the history of their writes.

The model knows nothing of versions, claims or stamps: it repeats the writes in their order over plain dictionaries. It
yields a sentence where they could not have happened one after the other, and where an import reports something else
than its history says.
"""

from collections import Counter
from collections.abc import Iterator

from chalicelib.model.ids import ImportId, RecordId
from chalicelib.model.imports import Status
from chalicelib.model.row_rules import MergeRule, RowRules
from chalicelib.model.rows import Fields, Outcome, Value
from tests.faults.concurrent_imports import RESOURCE, ConcurrentImports, RequestedImport
from tests.faults.history import PerformedWrite
from tests.faults.invariants import COUNTED, WRITING
from tests.faults.scenarios import OURS
from tests.faults.stored_state import NO_ROW, each_record

IDENTITIES = ("external_id", "email")


def each_contradiction(concurrent: ConcurrentImports) -> Iterator[str]:
    """Yields what contradicts the model: none where all is well."""
    yield from _each_contradiction_of_the_store(concurrent)
    for import_id in concurrent.ids:
        yield from (f"{import_id}: {text}" for text in _each_contradiction_of(concurrent, import_id))


def _each_contradiction_of_the_store(concurrent: ConcurrentImports) -> Iterator[str]:
    """Yields every lost update, and every moment at which two records had one identity."""
    given = {import_id: _request_of(concurrent, import_id) for import_id in concurrent.ids}
    state: dict[str, Fields] = dict(concurrent.before)
    for number, one in enumerate(concurrent.records.history):
        stored, name = state.pop(one.record_id, None), f"write {number}, {one.stamp}"
        if one.before != stored:
            yield f"{name}: the record was {stored}, the store says {one.before}"
        expected = _expected(one, stored, given)
        if one.after != expected:
            yield f"{name}: wrote {one.after} over {stored}, its row makes {expected}: an update is lost"
        if stored is not None and not _is_meant(stored, _row_of(one, given), given[one.stamp.import_id].rules):
            yield f"{name}: wrote over {stored}, which its row does not mean"
        if one.after is not None:
            state[one.record_id] = one.after
        yield from (f"{name}: {text}" for text in _each_double(state))
    stored = {
        one.record_id: one.fields for one in each_record(concurrent.records, OURS, RESOURCE) if not one.is_deleted
    }
    if stored != state:
        yield f"the store has {stored}, its history makes {state}"


def _is_overtaken(concurrent: ConcurrentImports, import_id: ImportId, row_number: int) -> bool:
    """Whether the row met the known limit of `docs/reliability.md`: of two attempts at once, one reported that the row
    had nothing to write, and the other wrote it, because another import had changed the record meanwhile."""
    reported = {one.row_number: one.outcome for one in concurrent.outcomes.get(import_id, [])}
    return import_id in concurrent.overlapping and reported.get(row_number) in (Outcome.UNCHANGED, Outcome.FAILED)


def count_overtaken(concurrent: ConcurrentImports) -> int:
    """Counts the rows that met the known limit."""
    stamps = {(one.stamp.import_id, one.stamp.row_number) for one in concurrent.records.history}
    return sum(one in stamps and _is_overtaken(concurrent, *one) for one in stamps)


def _request_of(concurrent: ConcurrentImports, import_id: ImportId) -> RequestedImport:
    """Finds what the import was given by the content of its upload."""
    import_ = concurrent.get(import_id)
    content = concurrent.stores.files.read_file(import_.source.key).decode() if import_.source else ""
    return next(one for one in concurrent.requests if one.source == content)


def _row_of(one: PerformedWrite, given: dict[ImportId, RequestedImport]) -> Fields:
    return given[one.stamp.import_id].rows[one.stamp.row_number - 1]


def _expected(one: PerformedWrite, stored: Fields | None, given: dict[ImportId, RequestedImport]) -> Fields | None:
    if one.stamp.outcome is Outcome.DELETED:
        return None
    row, rules = _row_of(one, given), given[one.stamp.import_id].rules.merge_rules
    if stored is None:
        return {"status": "active"} | row
    return stored | {name: _merged(rules.get(name), stored.get(name), value) for name, value in row.items()}


def _merged(rule: MergeRule | None, stored: Value, given: Value) -> Value:
    """What the rules that the runs use make of two texts."""
    if rule is MergeRule.IF_EMPTY:
        return stored or given
    if rule is MergeRule.APPEND_LINE and stored:
        return stored if given in str(stored).split("\n") else f"{stored}\n{given}"
    return given


def _is_meant(stored: Fields, row: Fields, rules: RowRules) -> bool:
    """Whether a row means a record that it changes: by a stated identity, with no other value for one before it."""
    for name in rules.match_by:
        if name in row and name in stored:
            return stored[name] == row[name]
    return not rules.match_by


def _each_double(state: dict[str, Fields]) -> Iterator[str]:
    for name in IDENTITIES:
        values = Counter(fields[name] for fields in state.values() if name in fields)
        yield from (f"{times} records have {name} {value}" for value, times in values.items() if times > 1)


def _each_contradiction_of(concurrent: ConcurrentImports, import_id: ImportId) -> Iterator[str]:
    import_, rows = concurrent.get(import_id), _request_of(concurrent, import_id).rows
    ends = [status for ended, status in concurrent.imports.ends if ended == import_id]
    if len(ends) != 1:
        yield f"ended {ends}"
    outcomes = concurrent.outcomes.get(import_id, [])
    numbers = [one.row_number for one in outcomes]
    stats, counted = import_.stats, Counter(one.outcome for one in outcomes)
    if len(set(numbers)) != len(numbers) or not set(numbers) <= set(range(1, len(rows) + 1)):
        yield f"the rows' outcomes are {sorted(numbers)}"
    if any(getattr(stats, outcome) != counted[outcome] for outcome in COUNTED):
        yield f"{stats} by the counters, {dict(counted)} by the rows"
    if import_.status is Status.COMPLETED and len(numbers) != len(rows):
        yield f"completed with {len(numbers)} of {len(rows)} rows"
    yield from _each_difference(concurrent, import_id)
    if Outcome.UNPROCESSED in counted:
        yield "a row left as unprocessed"


def _each_difference(concurrent: ConcurrentImports, import_id: ImportId) -> Iterator[str]:
    """Yields how the reported outcomes of the rows differ from the writes in the history."""
    outcomes = concurrent.outcomes.get(import_id, [])
    reported: Counter[tuple[int, RecordId | None, Outcome]] = Counter(
        (one.row_number, one.record_id, one.outcome) for one in outcomes if one.outcome in WRITING
    )
    done: Counter[tuple[int, RecordId | None, Outcome]] = Counter(
        (one.stamp.row_number, one.record_id, one.stamp.outcome)
        for one in concurrent.records.history
        if one.stamp.import_id == import_id and one.stamp.row_number != NO_ROW
    )
    if reported - done:
        yield f"reported but not done: {list(reported - done)}"
    if unreported := [one for one in done - reported if not _is_overtaken(concurrent, import_id, one[0])]:
        yield f"done but not reported: {unreported}"
