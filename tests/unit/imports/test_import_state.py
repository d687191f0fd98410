"""What a request knows of its import, when it looks it up, and what it stores: once, and no more often than needed."""

from dataclasses import replace

import pytest

from chalicelib.errors import Conflict, Retryable
from chalicelib.imports.import_state import (
    LOOK_EVERY_S,
    OTHERS_WAIT_S,
    AlreadyStored,
    HeldState,
    KeptByOthers,
    find_stored,
)
from chalicelib.imports.workspace import HeldWork
from chalicelib.imports.workspace.held_work import read_work
from chalicelib.model.imports import Import, PhaseStatus, Stats, Status, UploadMode, pending_phases
from chalicelib.model.phases import PhaseName
from chalicelib.model.status_changes import ImportChange
from tests.world import NOW, OURS, World, an_import

COUNTED = Stats(total=2, created=1, failed=1)


class Request:
    """A request that runs an import by itself."""

    def __init__(self, item_bytes: int = 1_000) -> None:
        self.world = World()
        self.begun = 0
        self.now_s = float(NOW)
        self.state = HeldState(
            imports=self.world.stores.imports,
            files=self.world.stores.files,
            now=lambda: self.now_s,
            begin_work=self._begin,
            item_bytes=item_bytes,
            import_=an_import(Status.PROCESSING),
            work=HeldWork(),
            attempt_id="try1",
        )

    def work(self, text: str = "done") -> None:
        """Works something out."""
        self.state.work.objects["work/1"] = text.encode()
        self.state.work.changes += 1

    def change_in_another_process(self, change: ImportChange) -> None:
        """Changes the import in another process."""
        assert self.world.stores.imports.change(OURS, self.state.import_.import_id, change)

    def stored(self) -> Import | None:
        return self.world.stores.imports.find(OURS, self.state.import_.import_id)

    def _begin(self) -> None:
        self.begun += 1


class Shared(Request):
    """A function of the state machine that runs an import by itself, which others look at."""

    def __init__(self) -> None:
        super().__init__()
        assert self.world.stores.imports.add(self.state.import_)
        self.state = replace(self.state, is_stored=True, is_shared=True, looked_at=self.now_s)

    def report(self, stats: Stats, phase: PhaseName | None = None) -> None:
        """Reports counts, and that a phase has begun."""
        begun = tuple(replace(one, status=PhaseStatus.PROCESSING) for one in PHASES if one.name is phase)
        assert self.state.report(replace(self.state.import_, stats=stats, phases=begun))

    def status(self) -> Status | None:
        found = self.state.find()
        return found.status if found else None


PHASES = pending_phases(UploadMode.ASYNC)
CANCEL = ImportChange(to=Status.CANCELING, at=NOW)


def test_nothing_is_stored_before_it_is_to_be_kept() -> None:
    request = Request()
    request.state.report(replace(request.state.import_, stats=COUNTED))

    found = request.state.find()

    assert found is not None
    assert found.stats == COUNTED
    assert (request.stored(), request.begun) == (None, 0)


def test_what_is_kept_is_stored_with_its_work_and_again_only_when_there_is_more() -> None:
    request = Request()
    request.work()
    request.state.keep()
    first = request.stored()
    request.state.import_ = replace(request.state.import_, stats=COUNTED)

    request.state.keep()
    unchanged = request.stored()
    request.work("more")
    request.state.keep()

    assert first is not None
    assert read_work(request.world.stores.files, first).objects == {"work/1": b"done"}
    assert unchanged == first
    stored = request.stored()
    assert stored is not None
    assert (stored.stats, read_work(request.world.stores.files, stored).objects) == (COUNTED, {"work/1": b"more"})


def test_work_lies_in_the_item_up_to_its_limit_and_beyond_it_in_an_object() -> None:
    size = len(packed := HeldWork({"work/1": b"done"}).pack())
    fits, exceeds = Request(item_bytes=size), Request(item_bytes=size - 1)

    for one in (fits, exceeds):
        one.work()
        one.state.keep()

    inside, beside = fits.stored(), exceeds.stored()
    assert inside is not None
    assert beside is not None
    assert (inside.work, inside.work_key) == (packed, "")
    assert (beside.work, beside.work_key.endswith("try1.1")) == (b"", True)
    assert read_work(exceeds.world.stores.files, beside).objects == {"work/1": b"done"}


def test_a_cancel_is_seen_once_what_is_known_is_too_old_and_counts_stay_those_of_the_request() -> None:
    request = Request()
    request.state.keep()
    request.state.report(replace(request.state.import_, stats=COUNTED))
    request.change_in_another_process(CANCEL)

    request.now_s += LOOK_EVERY_S - 0.1
    before = request.state.find()
    request.now_s += 0.1
    after = request.state.find()

    assert before is not None
    assert after is not None
    assert (before.status, after.status, after.stats) == (Status.PROCESSING, Status.CANCELING, COUNTED)


def test_what_was_looked_up_is_not_looked_up_again_at_once() -> None:
    request = Request()
    request.state.keep()
    request.now_s += LOOK_EVERY_S
    request.state.find()
    request.change_in_another_process(CANCEL)

    known = request.state.find()

    assert known is not None
    assert known.status is Status.PROCESSING


def test_others_are_told_once_a_second() -> None:
    shared = Shared()

    shared.report(Stats(total=1))
    before = shared.stored()
    shared.now_s += OTHERS_WAIT_S
    shared.report(Stats(total=2))
    shared.report(Stats(total=3))

    after = shared.stored()
    assert (before and before.stats, after and after.stats) == (Stats(), Stats(total=2))


@pytest.mark.parametrize(
    ("phase", "expected"), [(PhaseName.VALIDATION, Status.PROCESSING), (PhaseName.PROCESSING, Status.CANCELING)]
)
def test_a_cancel_is_looked_for_before_the_first_write(phase: PhaseName, expected: Status) -> None:
    shared = Shared()
    shared.change_in_another_process(CANCEL)

    shared.report(Stats(), phase)

    assert shared.status() is expected


def test_a_cancel_is_looked_for_once_after_each_write() -> None:
    shared = Shared()
    shared.work()
    shared.state.keep()
    before = shared.status()
    shared.change_in_another_process(CANCEL)
    unasked = shared.status()

    shared.state.keep()  # as before every write, though there is nothing new to keep

    assert (before, unasked, shared.status()) == (Status.PROCESSING, Status.PROCESSING, Status.CANCELING)


def test_only_one_of_two_goes_on_with_what_was_kept() -> None:
    shared = Shared()
    other = replace(shared.state, work=HeldWork(), attempt_id="try2")
    shared.work()
    shared.state.keep()
    other.work.add("work/2", b"other")

    with pytest.raises(KeptByOthers):
        other.keep()

    shared.work("more")
    shared.state.keep()
    stored = shared.stored()
    assert stored is not None
    assert (read_work(shared.world.stores.files, stored).objects, stored.work_revision) == ({"work/1": b"more"}, 2)


def test_what_others_have_kept_is_not_taken_for_ones_own_by_a_look() -> None:
    shared = Shared()
    other = replace(shared.state, work=HeldWork(), attempt_id="try2")
    shared.work()
    shared.state.keep()
    shared.now_s += OTHERS_WAIT_S
    other.find()
    other.work.add("work/2", b"other")

    with pytest.raises(KeptByOthers):
        other.keep()


@pytest.mark.parametrize("is_deleted", [False, True])
def test_an_import_that_has_ended_or_is_gone_is_told_as_it_is_and_not_kept(is_deleted: bool) -> None:
    request = Request()
    request.state.keep()
    request.change_in_another_process(ImportChange(to=Status.FAILED, at=NOW, reason="no time"))
    if is_deleted:
        assert request.world.stores.imports.delete(OURS, request.state.import_.import_id)
    request.now_s += LOOK_EVERY_S

    found = request.state.find()

    assert (found and found.status) == (None if is_deleted else Status.FAILED)
    assert request.state.import_.status is Status.PROCESSING
    request.work()
    with pytest.raises(Retryable):
        request.state.keep()


def test_an_import_that_an_earlier_request_has_stored_is_left_to_it() -> None:
    request = Request()
    assert request.world.stores.imports.add(request.state.import_)

    with pytest.raises(AlreadyStored):
        request.state.keep()

    assert not request.state.is_stored


@pytest.mark.parametrize("is_stored", [False, True])
def test_an_end_is_stored_with_all_that_is_known_and_known_from_then_on(is_stored: bool) -> None:
    request = Request()
    request.work()
    if is_stored:
        request.state.keep()

    ended = request.state.change(ImportChange(to=Status.COMPLETED, at=NOW, stats=COUNTED))

    assert ended is not None
    assert (ended.status, ended.stats) == (Status.COMPLETED, COUNTED)
    assert request.state.import_ == ended
    stored = request.stored()
    assert stored is not None
    assert (stored.status, stored.stats) == (Status.COMPLETED, COUNTED)
    assert read_work(request.world.stores.files, stored).objects == {"work/1": b"done"}


def test_an_end_that_came_too_late_changes_nothing() -> None:
    request = Request()
    request.state.keep()
    request.change_in_another_process(ImportChange(to=Status.FAILED, at=NOW, reason="no time"))

    ended = request.state.change(ImportChange(to=Status.COMPLETED, at=NOW))

    assert ended is None
    assert request.state.import_.status is Status.PROCESSING
    stored = request.stored()
    assert stored is not None
    assert (stored.status, stored.reason) == (Status.FAILED, "no time")


def test_an_end_after_a_cancel_is_that_of_the_cancel() -> None:
    request = Request()
    request.state.keep()
    request.change_in_another_process(CANCEL)

    assert request.state.change(ImportChange(to=Status.COMPLETED, at=NOW)) is None
    ended = request.state.change(ImportChange(to=Status.CANCELED, at=NOW))

    assert ended is not None
    assert ended.status is Status.CANCELED


def test_an_import_that_was_stored_is_found_and_a_deleted_one_is_a_conflict() -> None:
    request = Request()
    request.state.keep()

    assert find_stored(request.world.stores.imports, request.state.import_) == request.stored()
    with pytest.raises(Conflict):
        find_stored(request.world.stores.imports, an_import(import_id="imp_gone"))
