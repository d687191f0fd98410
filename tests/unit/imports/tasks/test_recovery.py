"""What is read off the records of a task that died between its writes."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

import pytest

from chalicelib.imports.events import Event, FinishEvent
from chalicelib.imports.task_context import WRITE_BATCH_ROWS
from chalicelib.imports.tasks.recovery import ATTEMPT_LIVES_S, recover_outcomes
from chalicelib.model.catalogue import RESOURCES
from chalicelib.model.ids import ImportId, RecordId, TenantId
from chalicelib.model.imports import Stats, Status
from chalicelib.model.phases import PhaseName
from chalicelib.model.records import Record, Stamp, Write, Written
from chalicelib.model.rows import Fields, Outcome
from chalicelib.model.stop_reasons import StopCode, StopReason
from chalicelib.schema.identity import identity_keys
from chalicelib.stores.memory import MemoryRecords
from tests.import_world import TENANT, ImportWorld, run_import


class Crash(BaseException):
    """The process is gone."""


class OvertakenRecords(MemoryRecords):
    """Another import makes Jane right before the first write; right after the n-th the process is gone."""

    def __init__(self, crash_after: int) -> None:
        super().__init__()
        self._left = crash_after
        self._is_made = False

    def write_many(self, tenant_id: TenantId, resource: str, writes: Sequence[Write], *, now_ms: int) -> list[Written]:
        if not self._is_made:
            self._is_made = True
            super().write_many(tenant_id, resource, [jane_of_another()], now_ms=now_ms)
        written = super().write_many(tenant_id, resource, writes, now_ms=now_ms)
        self._left -= 1
        if self._left == 0:
            raise Crash
        return written


def jane_of_another() -> Write:
    fields: Fields = {"name": "Jane", "email": "jane@x.com"}
    return Write(
        record_id=RecordId("cus_theirs"),
        before=None,
        fields=fields,
        claims=tuple(identity_keys(RESOURCES["customers"], fields)),
        stamp=Stamp(ImportId("imp_other"), 1, Outcome.CREATED),
    )


@pytest.mark.parametrize(
    ("crash_after", "expected"),
    [
        pytest.param(1, Stats(total=2, created=1, unprocessed=1), id="before it looked for its record again"),
        pytest.param(2, Stats(total=2, created=1, updated=1), id="after it had updated the one it found"),
    ],
)
def test_a_row_that_found_the_record_of_another_import_is_counted_by_it(crash_after: int, expected: Stats) -> None:
    world = ImportWorld()
    world.stores = replace(world.stores, records=OvertakenRecords(crash_after))
    world.machine = replace(world.machine, stores=world.stores)
    import_ = world.queue("name,email\nJane Doe,jane@x.com\nBob,bob@x.com\n")
    with pytest.raises(Crash):
        run_import(world.machine, import_)

    world.clock.now_s += ATTEMPT_LIVES_S
    event = Event(tenant_id=TENANT, import_id=import_.import_id, attempt=1)
    world.machine.finish(
        FinishEvent(**event.model_dump(), stopped_by=StopReason(StopCode.FATAL, "it died"), is_dead=True)
    )

    assert world.get(import_).status is Status.FAILED
    assert world.get(import_).stats == expected


class CountingRecords(MemoryRecords):
    """Notes how many records are asked for at once."""

    def __init__(self) -> None:
        super().__init__()
        self.most = 0

    def get_many(self, tenant_id: TenantId, resource: str, ids: Iterable[RecordId]) -> dict[RecordId, Record]:
        asked = list(ids)
        self.most = max(self.most, len(asked))
        return super().get_many(tenant_id, resource, asked)


def test_a_batch_is_recovered_a_write_batch_at_a_time() -> None:
    records = CountingRecords()
    world = ImportWorld()
    world.stores = replace(world.stores, records=records)
    world.machine = replace(world.machine, stores=world.stores)
    rows = 3 * WRITE_BATCH_ROWS + 1
    import_ = world.queue("name,email\n" + "".join(f"P,p{n}@x.com\n" for n in range(rows)))
    run_import(world.machine, import_)
    context = world.machine._context(world.get(import_))

    outcomes = recover_outcomes(context, 0, context.workspace.each_draft(PhaseName.VALIDATION, 0))

    assert [one.outcome for one in outcomes] == [Outcome.CREATED] * rows
    assert 0 < records.most <= WRITE_BATCH_ROWS
