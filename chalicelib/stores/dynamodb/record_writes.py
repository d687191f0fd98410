"""Writes of many records at once, each on its condition, in steps between which a process may die.

    claims and match keys → records → releases of what is no longer held

Comes in: writes of one partition of records. Goes out: how each ended. A crash between the steps leaves claims whose
record does not carry them: a repeat knows them by their stamp, any other write takes them over once no task can be
about to write that record.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain

from chalicelib.model.records import Record, Write, WriteStatus, Written
from chalicelib.stores.dynamodb.claim_conflicts import ConflictDecision, decide_conflict
from chalicelib.stores.dynamodb.client import DynamoDBClient, Statement
from chalicelib.stores.dynamodb.record_items import Claim, RecordPartition, Statements, StoredRecord
from chalicelib.stores.dynamodb.record_reads import RecordReads

LOOKS = 5
LOOK_PAUSE_S = 0.2
"""A claim without its record is looked at again so often: most of the time its owner is just about to write."""
WAVE = 2_000
"""Writes in one wave at most: bounds what waits in memory."""


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
    contested: dict[str, Claim] = field(default_factory=dict)
    """Claims it still has to win."""
    taken: list[Claim] = field(default_factory=list)
    """Claims nobody had before: what is to be undone if the record is not written."""
    current: StoredRecord | None = None
    """The record once it bears the stamp of this write."""
    written: Written | None = None

    @property
    def is_repeat(self) -> bool:
        return self.write.before is not None and self.is_stamped(self.write.before)

    def is_stamped(self, record: Record) -> bool:
        return record.find_stamp(self.write.stamp.import_id, self.write.stamp.row_number) is not None

    def is_overtaken(self, current: StoredRecord | None) -> bool:
        return (current.record.version if current else 0) != self.after.version - 1

    def end(self, current: StoredRecord | None) -> None:
        """The record is not as the write expected it: either the write itself was the last, or it came too late."""
        if current is not None and (self.is_repeat or self.is_stamped(current.record)):
            self.succeed(current)
        else:
            self.written = Written(WriteStatus.STALE)

    def succeed(self, current: StoredRecord) -> None:
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
        if wave and (len(wave) == WAVE or not touched.isdisjoint(touches)):
            yield wave
            wave, touched = [], set()
        wave.append(write)
        touched |= touches
    if wave:
        yield wave


class WriteWave:
    """The writes of one wave, performed together."""

    def __init__(
        self, client: DynamoDBClient, partition: RecordPartition, call: WaveContext, writes: Sequence[Write]
    ) -> None:
        self._client = client
        self._reading = RecordReads(client, partition)
        self._statements = Statements(partition)
        self._call = call
        self._jobs = [_to_job(write, call.now_ms) for write in writes]

    def perform(self) -> list[Written | None]:
        """Performs the writes and returns how each ended: None where a claim's owner may still be about to write its
        record, and the write is to be tried again later.
        """
        self._recognise_repeats()
        self._take_claims()
        self._resolve_contests()
        self._write_records()
        self._let_go()
        return [job.written for job in self._jobs]

    def _open(self) -> list[_PendingWrite]:
        return [job for job in self._jobs if job.written is None]

    def _recognise_repeats(self) -> None:
        self._end_by_reading([job for job in self._jobs if job.is_repeat])

    def _take_claims(self) -> None:
        wanted = [(job, claim) for job in self._open() for claim in self._new_claims(job)]
        matches = [(job.after, key) for job in self._open() for key in _new_match_keys(job)]
        claiming = (self._statements.claim(claim) for _, claim in wanted)
        matching = (self._statements.match(key, record) for record, key in matches)
        did = self._client.execute([*claiming, *matching])
        for (job, claim), is_taken in zip(wanted, did, strict=False):
            if is_taken:
                job.taken.append(claim)
            else:
                job.contested[claim.key] = claim
        known = (place for place, is_new in zip(matches, did[len(wanted) :], strict=True) if not is_new)
        self._client.execute([self._statements.lift_match(key, record) for record, key in known])

    def _new_claims(self, job: _PendingWrite) -> list[Claim]:
        before, after, stamp = job.write.before, job.after, job.write.stamp
        held = before.claims if before else ()
        origin = f"{stamp.import_id}#{stamp.row_number}"
        return [
            Claim(key, after.record_id, origin, self._call.token, self._call.now_ms, after.version)
            for key in dict.fromkeys(after.claims)
            if key not in held
        ]

    def _resolve_contests(self) -> None:
        for look in range(LOOKS):
            jobs = [job for job in self._open() if job.contested]
            if not jobs:
                return
            if look:
                self._call.wait(LOOK_PAUSE_S)
            self._look(jobs)

    def _look(self, jobs: list[_PendingWrite]) -> None:
        found = self._reading.find_claims(key for job in jobs for key in job.contested)
        holders = (claim.record_id for claim in found.values())
        records = self._reading.find_records(chain((job.after.record_id for job in jobs), holders))
        for job in jobs:
            current = records.get(job.after.record_id)
            if job.is_overtaken(current):
                job.end(current)
        contests = [(job, wanted) for job in jobs for wanted in job.contested.values()]
        verdicts = [decide_conflict(wanted, found.get(wanted.key), records) for _, wanted in contests]
        for (job, wanted), verdict in zip(contests, verdicts, strict=True):
            if verdict is ConflictDecision.TAKEN and job.written is None:
                job.written = Written(WriteStatus.TAKEN, wanted.key, found[wanted.key].record_id)
        self._act([(*contest, verdict) for contest, verdict in zip(contests, verdicts, strict=True)], found)

    def _act(self, contests: list[tuple[_PendingWrite, Claim, ConflictDecision]], found: Mapping[str, Claim]) -> None:
        hopeful = [one for one in contests if one[0].written is None and one[2] is not ConflictDecision.WAIT]
        tries = [self._winning(wanted, found.get(wanted.key), verdict) for _, wanted, verdict in hopeful]
        did = iter(self._client.execute([one for one in tries if one is not None]))
        for (job, wanted, verdict), statement in zip(hopeful, tries, strict=True):
            if statement is None or next(did):
                del job.contested[wanted.key]
                job.taken += [] if verdict is ConflictDecision.RENEW else [wanted]

    def _winning(self, wanted: Claim, found: Claim | None, verdict: ConflictDecision) -> Statement | None:
        """None where nothing needs doing any more."""
        if verdict is ConflictDecision.MINE:
            return None
        return self._statements.take_over(wanted, found) if found else self._statements.claim(wanted)

    def _write_records(self) -> None:
        jobs = [job for job in self._open() if not job.contested]
        did = self._client.execute([self._statements.write(job.after, job.write, job.released) for job in jobs])
        for job, is_written in zip(jobs, did, strict=True):
            if is_written:
                job.succeed(StoredRecord(job.after, job.released))
        self._end_by_reading([job for job in jobs if job.written is None])

    def _end_by_reading(self, jobs: list[_PendingWrite]) -> None:
        records = self._reading.find_records(job.after.record_id for job in jobs)
        for job in jobs:
            job.end(records.get(job.after.record_id))

    def _let_go(self) -> None:
        ended = [job for job in self._jobs if job.written is not None]
        self._client.execute([statement for job in ended for statement in self._letting_go(job)])

    def _letting_go(self, job: _PendingWrite) -> Iterator[Statement]:
        """Undoes the claims that came to nothing; releases, also for an earlier try, what the record no longer has."""
        record = job.current.record if job.current else None
        held = record.claims if record else ()
        undone = [claim for claim in job.taken if claim.key not in held]
        yield from map(self._statements.undo, undone)
        if job.current is None or record is None:
            return
        released = {*job.released, *job.current.released}.difference(held, (claim.key for claim in undone))
        yield from (self._statements.release(key, record) for key in sorted(released))
        before = job.write.before.match_keys if job.write.before else ()
        yield from (self._statements.unmatch(key, record) for key in before if key not in record.match_keys)


def _to_job(write: Write, now_ms: int) -> _PendingWrite:
    after = write.after(now_ms)
    held = write.before.claims if write.before else ()
    return _PendingWrite(write, after, tuple(key for key in held if key not in after.claims))


def _new_match_keys(job: _PendingWrite) -> list[str]:
    before = job.write.before.match_keys if job.write.before else ()
    return [key for key in dict.fromkeys(job.after.match_keys) if key not in before]
