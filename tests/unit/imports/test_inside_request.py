"""How an import ends that its request runs by itself: told by its rows, refused, given up, or left to the reaper."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from chalicelib.access.context import InlineRun
from chalicelib.errors import Refused, Retryable, SluiceError, Throttled
from chalicelib.imports.handlers import ImportMachine
from chalicelib.model.ids import ImportId, TenantId
from chalicelib.model.imports import FINAL, Import, Status
from chalicelib.model.reading_budget import Allowance, ReadingBudget
from chalicelib.model.records import Write, Written
from chalicelib.model.rows import Outcome
from chalicelib.model.status_changes import ImportChange
from chalicelib.stores.memory import MemoryImports, MemoryRecords
from tests.import_world import ImportWorld
from tests.world import NOW, OURS, an_import

ROWS = b"name,email\nAnn,ann@x.com\nBen,wrong\n"


class FailingRecords(MemoryRecords):
    """Nothing can be written."""

    def __init__(self, error: SluiceError) -> None:
        super().__init__()
        self._error = error

    def write_many(self, tenant_id: TenantId, resource: str, writes: Sequence[Write], *, now_ms: int) -> list[Written]:
        raise self._error


class ThrottledImports(MemoryImports):
    """Imports that can be stored, as far as they have not ended."""

    is_throttled = True

    def add(self, import_: Import, /, *, is_watched: bool = False) -> bool:
        if import_.is_final and self.is_throttled:
            raise Throttled("slow")
        return super().add(import_, is_watched=is_watched)

    def change_known(self, import_: Import, change: ImportChange, *, is_watched: bool = False) -> Import | None:
        if change.to in FINAL and self.is_throttled:
            raise Throttled("slow")
        return super().change_known(import_, change, is_watched=is_watched)

    def change(self, tenant_id: TenantId, import_id: ImportId, change: ImportChange) -> Import | None:
        if change.to in FINAL and self.is_throttled:
            raise Throttled("slow")
        return super().change(tenant_id, import_id, change)


class RequestWorld:
    """A world, and a new import whose rows come with its request."""

    def __init__(self, **stores: object) -> None:
        world = ImportWorld()
        self.stores = replace(world.stores, **stores)  # type: ignore[arg-type] # by their names
        self.machine: ImportMachine = replace(world.machine, stores=self.stores)
        self.import_ = an_import(Status.QUEUED)

    def run(self, content: bytes = ROWS) -> tuple[Status, list[Outcome]]:
        done = self.machine.run_all_phases(self.import_, InlineRun(content))
        return done.import_.status, [one.outcome for one in done.outcomes]

    @property
    def stored(self) -> Import | None:
        return self.stores.imports.find(OURS, self.import_.import_id)


def test_it_ends_with_the_outcome_of_every_row() -> None:
    world = RequestWorld()

    assert world.run() == (Status.COMPLETED, [Outcome.CREATED, Outcome.FAILED])
    assert world.stored is not None
    assert world.stored.status is Status.COMPLETED


def test_one_that_has_ended_is_told_again_and_not_run() -> None:
    world = RequestWorld()
    world.run()
    assert world.stored is not None
    world.import_ = world.stored

    assert world.run(b"name,email\nEve,eve@x.com\n") == (Status.COMPLETED, [Outcome.CREATED, Outcome.FAILED])


def test_a_source_without_rows_has_no_outcomes() -> None:
    assert RequestWorld().run(b"name,email\n") == (Status.COMPLETED, [])


def test_a_source_that_is_refused_as_a_whole_is_an_import_that_has_failed() -> None:
    world = RequestWorld()

    with pytest.raises(Refused):
        world.run(b"%PDF-1.7\n1 0 obj\n")

    assert world.stored is not None
    assert (world.stored.status, world.stored.stats.total) == (Status.FAILED, 0)


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (SluiceError("odd"), "not_started: the import could not be started."),
        (Refused("too_large", "Too much."), "too_large: Too much."),
    ],
    ids=["an error", "a refusal"],
)
def test_one_that_breaks_off_when_it_is_stored_is_not_left_waiting(error: SluiceError, reason: str) -> None:
    world = RequestWorld(records=FailingRecords(error))

    with pytest.raises(type(error)):
        world.run()

    assert world.stored is not None
    assert (world.stored.status, world.stored.reason) == (Status.FAILED, reason)
    world.import_ = world.stored
    assert world.run() == (Status.FAILED, [])


def test_where_there_is_no_time_to_end_it_its_rows_are_told_and_the_reaper_ends_it() -> None:
    world = RequestWorld(imports=ThrottledImports(clock=lambda: NOW))

    assert world.run() == (Status.PROCESSING, [Outcome.CREATED, Outcome.FAILED])
    assert world.stored is not None
    assert world.stored.status is Status.PROCESSING


def test_a_request_that_is_repeated_goes_on_from_the_moment_at_which_the_first_began() -> None:
    imports = ThrottledImports(clock=lambda: NOW)
    world = RequestWorld(imports=imports)
    world.run()
    before = world.stored
    imports.is_throttled = False

    assert world.run() == (Status.COMPLETED, [Outcome.CREATED, Outcome.FAILED])

    assert before is not None
    assert world.stored is not None
    assert (world.stored.began_ms, world.stored.started_at) == (before.began_ms, before.started_at)


def test_one_whose_time_is_over_before_it_is_stored_leaves_nothing() -> None:
    world = RequestWorld()
    over = ReadingBudget(Allowance(cpu_s=9, time_s=0, rows=9), advice="", processor_time=lambda: 0.0, clock=lambda: 0.0)

    with pytest.raises(Retryable):
        world.machine.run_all_phases(world.import_, InlineRun(ROWS, over))

    assert world.stored is None


def test_one_that_was_not_stored_and_cannot_be_ended_may_be_tried_again() -> None:
    world = RequestWorld(imports=ThrottledImports(clock=lambda: NOW))

    with pytest.raises(Throttled):
        world.run(b"name,email\nBen,wrong\n")

    assert world.stored is None


def test_one_that_breaks_off_and_cannot_even_be_given_up_is_left_to_the_reaper() -> None:
    world = RequestWorld(imports=ThrottledImports(clock=lambda: NOW), records=FailingRecords(SluiceError("odd")))

    with pytest.raises(SluiceError, match="odd"):
        world.run()

    assert world.stored is not None
    assert world.stored.status is Status.PROCESSING


class EndedImports(MemoryImports):
    """The reaper ends an import before its request does."""

    def change(self, tenant_id: TenantId, import_id: ImportId, change: ImportChange) -> Import | None:
        if change.to in FINAL:
            super().change(tenant_id, import_id, replace(change, to=Status.TIMED_OUT))
        return super().change(tenant_id, import_id, change)


def test_one_that_somebody_else_has_ended_is_told_as_it_ended() -> None:
    world = RequestWorld(imports=EndedImports(clock=lambda: NOW))

    assert world.run()[0] is Status.TIMED_OUT
