"""Judges what several imports did together, by the log of their writes: a sequential model of the store.

The model knows nothing of versions, claims or stamps: it plays the writes in their order over plain dictionaries and
says where they could not have happened one after the other, or where an import tells another story than the log.
"""

from collections import Counter
from collections.abc import Iterator

from chalicelib.model.ids import ImportId, RecordId
from chalicelib.model.imports import Status
from chalicelib.model.rows import Fields, Outcome
from tests.faults.concurrent_imports import RESOURCE, Crowd, Order, Performed
from tests.faults.invariants import COUNTED, WRITING
from tests.faults.scenarios import OURS
from tests.faults.stored_state import NO_ROW, each_record

IDENTITIES = ("external_id", "email")


def each_fault(crowd: Crowd) -> Iterator[str]:
    yield from _each_fault_of_the_store(crowd)
    for import_id in crowd.ids:
        yield from (f"{import_id}: {text}" for text in _each_fault_of(crowd, import_id))


def _each_fault_of_the_store(crowd: Crowd) -> Iterator[str]:
    """No lost update, no two records of one identity, at any time."""
    given = {import_id: _rows_of(crowd, import_id) for import_id in crowd.ids}
    state: dict[str, Fields] = dict(crowd.before)
    for number, one in enumerate(crowd.records.log):
        stored, name = state.pop(one.record_id, None), f"write {number}, {one.stamp}"
        if one.before != stored:
            yield f"{name}: the record was {stored}, the store says {one.before}"
        expected = _expected(one, stored, given)
        if one.after != expected:
            yield f"{name}: wrote {one.after} over {stored}, its row makes {expected}: an update is lost"
        if one.after is not None:
            state[one.record_id] = one.after
        yield from (f"{name}: {text}" for text in _each_double(state))
    stored = {one.record_id: one.fields for one in each_record(crowd.records, OURS, RESOURCE) if not one.is_deleted}
    if stored != state:
        yield f"the store has {stored}, its history makes {state}"


def _is_overtaken(crowd: Crowd, import_id: ImportId, row_number: int) -> bool:
    """The known limit of `docs/reliability.md`: of two tries at once, one told that a row had nothing to write, and the
    other, for which another import had changed the record meanwhile, wrote it."""
    told = {one.row_number: one.outcome for one in crowd.fates.get(import_id, [])}
    return import_id in crowd.overlapping and told.get(row_number) in (Outcome.UNCHANGED, Outcome.FAILED)


def count_overtaken(crowd: Crowd) -> int:
    """How many rows met the known limit."""
    stamps = {(one.stamp.import_id, one.stamp.row_number) for one in crowd.records.log}
    return sum(one in stamps and _is_overtaken(crowd, *one) for one in stamps)


def _rows_of(crowd: Crowd, import_id: ImportId) -> list[Fields]:
    """What the import was given, found by what its upload holds."""
    import_ = crowd.get(import_id)
    content = crowd.stores.files.read_file(import_.source.key).decode() if import_.source else ""
    order: Order = next(one for one in crowd.orders if one.source == content)
    return order.rows


def _expected(one: Performed, stored: Fields | None, given: dict[ImportId, list[Fields]]) -> Fields | None:
    if one.stamp.outcome is Outcome.DELETED:
        return None
    row = given[one.stamp.import_id][one.stamp.row_number - 1]
    return {**(stored if stored is not None else {"status": "active"}), **row}


def _each_double(state: dict[str, Fields]) -> Iterator[str]:
    for name in IDENTITIES:
        values = Counter(fields[name] for fields in state.values() if name in fields)
        yield from (f"{times} records have {name} {value}" for value, times in values.items() if times > 1)


def _each_fault_of(crowd: Crowd, import_id: ImportId) -> Iterator[str]:
    import_, rows = crowd.get(import_id), _rows_of(crowd, import_id)
    ends = [status for ended, status in crowd.imports.ends if ended == import_id]
    if len(ends) != 1:
        yield f"ended {ends}"
    departures = crowd.fates.get(import_id, [])
    numbers = [one.row_number for one in departures]
    stats, counted = import_.stats, Counter(one.outcome for one in departures)
    if len(set(numbers)) != len(numbers) or not set(numbers) <= set(range(1, len(rows) + 1)):
        yield f"the rows' fates are {sorted(numbers)}"
    if any(getattr(stats, outcome) != counted[outcome] for outcome in COUNTED):
        yield f"{stats} by the counters, {dict(counted)} by the rows"
    if import_.status is Status.COMPLETED and len(numbers) != len(rows):
        yield f"completed with {len(numbers)} of {len(rows)} rows"
    told: Counter[tuple[int, RecordId | None, Outcome]] = Counter(
        (one.row_number, one.record_id, one.outcome) for one in departures if one.outcome in WRITING
    )
    done: Counter[tuple[int, RecordId | None, Outcome]] = Counter(
        (one.stamp.row_number, one.record_id, one.stamp.outcome)
        for one in crowd.records.log
        if one.stamp.import_id == import_id and one.stamp.row_number != NO_ROW
    )
    if told - done:
        yield f"told but not done: {list(told - done)}"
    if untold := [one for one in done - told if not _is_overtaken(crowd, import_id, one[0])]:
        yield f"done but not told: {untold}"
    if Outcome.UNPROCESSED in counted:
        yield "a row left as unprocessed"
