"""Writes of many records at once, each on its condition, in steps between which a process may die.

    claims and match keys → records → releases of what is no longer held

Comes in: writes of one partition of records. Goes out: how each ended. A crash between the steps leaves claims whose
record does not carry them: a repeat knows them by their stamp, any other write takes them over once no task can be
about to write that record.
"""

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain

from chalicelib.errors import Retryable, Throttled
from chalicelib.model.records import Record, Write, WriteStatus, Written
from chalicelib.stores.dynamodb.claim_conflicts import ConflictDecision, decide_conflict
from chalicelib.stores.dynamodb.client import DynamoDBClient
from chalicelib.stores.dynamodb.record_items import Claim, RecordPartition, Statements, StoredRecord
from chalicelib.stores.dynamodb.record_reads import RecordReads
from chalicelib.stores.dynamodb.statements import Statement
from chalicelib.stores.invocation import CLAIMS_RESERVE_S

logger = logging.getLogger(__name__)

LOOKS = 5
LOOK_PAUSE_S = 0.2
"""How often a claim without its record is looked at again: most of the time its owner is about to write the record."""
WAVE = 2_000
"""How many writes a wave has at most, which bounds what waits in memory."""


@dataclass(frozen=True, slots=True)
class WaveContext:
    """What one wave is performed with: its token, the time, and how to wait."""

    token: str
    """No other wave has it."""
    now_ms: int
    wait: Callable[[float], None]


@dataclass(slots=True)
class _PendingWrite:
    """A write on its way."""

    write: Write
    after: Record
    released: tuple[str, ...]
    """Claims the record lets go of."""
    conflicting: dict[str, Claim] = field(default_factory=dict)
    """Claims that were taken when it wanted them, by key."""
    taken: list[Claim] = field(default_factory=list)
    """Claims that it took, to be undone if the record is not written."""
    renewed: set[str] = field(default_factory=set)
    """Keys of claims that another task of the same row may rely on: they are never undone."""
    current: StoredRecord | None = None
    """The record once it bears the stamp of this write."""
    written: Written | None = None

    @property
    def is_repeat(self) -> bool:
        """Returns whether the record that was read bears the write's stamp already."""
        return self.write.is_repeat

    def is_stamped(self, record: Record) -> bool:
        """Returns whether a record bears the stamp of this write."""
        stamp = self.write.stamp
        return record.find_stamp(stamp.import_id, stamp.row_number, stamp.step) is not None

    def is_overtaken(self, current: StoredRecord | None) -> bool:
        """Returns whether the record has another version than the one that the write was made for."""
        return (current.record.version if current else 0) != self.after.version - 1

    def end(self, current: StoredRecord | None) -> None:
        """Ends a write whose record is not as expected: it has been performed before, or it comes too late."""
        if current is not None and (self.is_repeat or self.is_stamped(current.record)):
            self.succeed(current)
        else:
            self.written = Written(WriteStatus.STALE)

    @property
    def lets_go(self) -> bool:
        """Returns whether there may be claims or match keys to undo or release: not for a record that is new, and as
        this write made it."""
        return self.write.before is not None or self.current is None or self.current.record is not self.after

    def succeed(self, current: StoredRecord) -> None:
        """Ends a write that has been performed."""
        self.current = current
        self.written = Written(WriteStatus.WRITTEN)


def each_wave(writes: Iterable[Write]) -> Iterator[list[Write]]:
    """Yields waves of consecutive writes none of which touches a record or a claim of another, so that their order does
    not matter.
    """
    wave: list[Write] = []
    touched: set[str] = set()
    for write in writes:
        touches = {write.record_id, *write.claims, *(write.before.claims if write.before else ())}
        if len(wave) == WAVE or not touched.isdisjoint(touches):
            yield wave
            wave, touched = [], set()
        wave.append(write)
        touched |= touches
    if wave:
        yield wave


class WriteWave:
    """The writes of one wave, performed together."""

    def __init__(
        self, client: DynamoDBClient, partition: RecordPartition, context: WaveContext, writes: Sequence[Write]
    ) -> None:
        self._client = client
        self._reads = RecordReads(client, partition)
        self._statements = Statements(partition)
        self._context = context
        self._writes = [_to_pending_write(write, context.now_ms) for write in writes]

    def perform(self) -> list[Written | None]:
        """Performs the writes and returns how each ended: None where a claim's owner may still be about to write its
        record, and the write is to be tried again later. Raises Throttled where the time of the function is over.
        """
        lost = self._client.lost_writes
        try:
            self._perform_steps()
        except Throttled:
            if self._client.lost_writes == lost:
                self._take_back_claims()
            raise
        return [one.written for one in self._writes]

    def _perform_steps(self) -> None:
        self._recognise_repeats()
        self._take_claims()
        self._resolve_conflicts()
        self._write_records()
        self._release_claims()

    def _take_back_claims(self) -> None:
        """Frees the claims of records that were not written: nobody else could take them for a while. A claim that was
        renewed before the time was over stays."""
        try:
            records = self._reads.find_records(one.after.record_id for one in self._writes)
            claims = [(one, claim) for one in self._writes for claim in self._new_claims(one)]
            free = [
                claim
                for one, claim in claims
                if claim.key not in one.renewed and not _carries(records.get(one.after.record_id), claim)
            ]
            self._client.execute(list(map(self._statements.undo, free)), leaving_s=CLAIMS_RESERVE_S)
        except Retryable:
            logger.warning("claims of records that were not written are left behind", exc_info=True)

    def _open(self) -> list[_PendingWrite]:
        return [one for one in self._writes if one.written is None]

    def _recognise_repeats(self) -> None:
        self._end_by_reading([one for one in self._writes if one.is_repeat])

    def _take_claims(self) -> None:
        wanted = [(one, claim) for one in self._open() for claim in self._new_claims(one)]
        matches = [(one.after, key) for one in self._open() for key in _new_match_keys(one)]
        claiming = (self._statements.claim(claim) for _, claim in wanted)
        matching = (self._statements.match(key, record) for record, key in matches)
        performed = self._client.execute([*claiming, *matching])
        for (one, claim), is_taken in zip(wanted, performed, strict=False):
            if is_taken:
                one.taken.append(claim)
            else:
                one.conflicting[claim.key] = claim
        known = (place for place, is_new in zip(matches, performed[len(wanted) :], strict=True) if not is_new)
        self._client.execute([self._statements.lift_match(key, record) for record, key in known])

    def _new_claims(self, one: _PendingWrite) -> list[Claim]:
        before, after, stamp = one.write.before, one.after, one.write.stamp
        held = before.claims if before else ()
        origin = f"{stamp.import_id}#{stamp.row_number}"
        return [
            Claim(key, after.record_id, origin, self._context.token, self._context.now_ms, after.version)
            for key in dict.fromkeys(after.claims)
            if key not in held
        ]

    def _resolve_conflicts(self) -> None:
        for look in range(LOOKS):
            pending = [one for one in self._open() if one.conflicting]
            if not pending:
                return
            if look:
                self._context.wait(LOOK_PAUSE_S)
            self._look_at_conflicts(pending)

    def _look_at_conflicts(self, pending: list[_PendingWrite]) -> None:
        found = self._reads.find_claims(key for one in pending for key in one.conflicting)
        holders = (claim.record_id for claim in found.values())
        records = self._reads.find_records(chain((one.after.record_id for one in pending), holders))
        for one in pending:
            current = records.get(one.after.record_id)
            if one.is_overtaken(current):
                one.end(current)
        conflicts = [(one, wanted) for one in pending for wanted in one.conflicting.values()]
        decisions = [decide_conflict(wanted, found.get(wanted.key), records) for _, wanted in conflicts]
        for (one, wanted), decision in zip(conflicts, decisions, strict=True):
            if decision is ConflictDecision.TAKEN and one.written is None:
                one.written = Written(WriteStatus.TAKEN, wanted.key, found[wanted.key].record_id)
        for (one, wanted), decision in zip(conflicts, decisions, strict=True):
            if decision is ConflictDecision.MINE and one.written is not None:
                one.taken.append(wanted)  # its answer was lost: it is undone with the others
        self._apply([(*conflict, decision) for conflict, decision in zip(conflicts, decisions, strict=True)], found)

    def _apply(
        self, conflicts: list[tuple[_PendingWrite, Claim, ConflictDecision]], found: Mapping[str, Claim]
    ) -> None:
        winnable = [one for one in conflicts if one[0].written is None and one[2] is not ConflictDecision.WAIT]
        statements = [
            self._winning_statement(wanted, found.get(wanted.key), decision) for _, wanted, decision in winnable
        ]
        performed = iter(self._client.execute([one for one in statements if one is not None]))
        for (one, wanted, decision), statement in zip(winnable, statements, strict=True):
            if statement is None or next(performed):
                del one.conflicting[wanted.key]
                if decision is ConflictDecision.RENEW:
                    one.renewed.add(wanted.key)
                else:
                    one.taken.append(wanted)

    def _winning_statement(self, wanted: Claim, found: Claim | None, decision: ConflictDecision) -> Statement | None:
        """Returns the statement that takes the claim, or None where this wave has it already."""
        if decision is ConflictDecision.MINE:
            return None
        return self._statements.take_over(wanted, found) if found else self._statements.claim(wanted)

    def _write_records(self) -> None:
        pending = [one for one in self._open() if not one.conflicting]
        performed = self._client.execute(
            [self._statements.write(one.after, one.write, one.released) for one in pending]
        )
        for one, is_written in zip(pending, performed, strict=True):
            if is_written:
                one.succeed(StoredRecord(one.after, one.released))
        self._end_by_reading([one for one in pending if one.written is None])

    def _end_by_reading(self, pending: list[_PendingWrite]) -> None:
        records = self._reads.find_records(one.after.record_id for one in pending)
        for one in pending:
            one.end(records.get(one.after.record_id))

    def _release_claims(self) -> None:
        ended = [one for one in self._writes if one.written is not None and one.lets_go]
        self._client.execute([statement for one in ended for statement in self._each_release(one)])

    def _each_release(self, one: _PendingWrite) -> Iterator[Statement]:
        """Yields what undoes the claims that came to nothing, and releases, also for an earlier attempt, what the
        record no longer has.
        """
        record = one.current.record if one.current else None
        held = record.claims if record else ()
        undone = [claim for claim in one.taken if claim.key not in held]
        yield from map(self._statements.undo, undone)
        if one.current is None or record is None:
            return
        released = {*one.released, *one.current.released}.difference(held, (claim.key for claim in undone))
        yield from (self._statements.release(key, record) for key in sorted(released))
        before = one.write.before.match_keys if one.write.before else ()
        yield from (self._statements.unmatch(key, record) for key in before if key not in record.match_keys)


def _carries(stored: StoredRecord | None, claim: Claim) -> bool:
    return stored is not None and claim.key in stored.record.claims


def _to_pending_write(write: Write, now_ms: int) -> _PendingWrite:
    after = write.after(now_ms)
    held = write.before.claims if write.before else ()
    return _PendingWrite(write, after, tuple(key for key in held if key not in after.claims))


def _new_match_keys(one: _PendingWrite) -> list[str]:
    before = one.write.before.match_keys if one.write.before else ()
    return [key for key in dict.fromkeys(one.after.match_keys) if key not in before]
