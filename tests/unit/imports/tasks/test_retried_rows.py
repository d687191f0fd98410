"""The rows of a retry are counted and read as they are now, whatever tried them before."""

from collections.abc import Iterator
from dataclasses import replace

from chalicelib.imports.tasks.retried_rows import divide_retry, open_retry
from chalicelib.imports.tasks.row_source import RowDivision
from chalicelib.imports.workspace import Workspace
from chalicelib.model.ids import ImportId
from chalicelib.model.imports import DuplicateHandling, Import, Status
from chalicelib.model.phases import PhaseName
from chalicelib.model.rows import Draft
from chalicelib.model.status_changes import ImportChange
from chalicelib.model.task_results import TaskResult
from chalicelib.stores.memory import MemoryTaskResults
from tests.real_pipeline import connect_pipeline
from tests.retries import IN_ONE_TASK, imported, outcomes_of, requested_again, retried, run
from tests.world import NOW, OURS, World

DIRTY = b"name,email\nAnn,ann@x.com\nBob,wrong\nCid,wrong\nDan,also wrong\nEve,ann@x.com\n"
SAME = b"name,email\nAnn,ann@x.com\nBob,ann@x.com\n"


def divided(world: World, retry: Import) -> RowDivision:
    return divide_retry(connect_pipeline(world)._context(retry))


def test_no_more_rows_are_expected_than_are_left() -> None:
    world = World()
    root = imported(world, DIRTY, duplicate_handling=DuplicateHandling.USE_FIRST)
    first = requested_again(world, root, is_preview=True)
    retried(world, root, {2: {"email": "bob@x.com"}, 3: {"email": "ann@x.com"}})

    again = requested_again(world, root, include=("failed", "skipped"), is_preview=True)

    assert [divided(world, one).expected_rows for one in (first, again)] == [3, 3]
    assert outcomes_of(world, run(world, again)).keys() == {3, 4, 5}


def test_of_rows_that_are_given_no_others_are_expected() -> None:
    world = World()
    root = imported(world, DIRTY)

    retry = requested_again(world, root, {2: {"email": "bob@x.com"}}, only_given=True)

    assert divided(world, retry) == RowDivision(splits=1, expected_rows=1, is_small=True)


def test_a_retry_of_few_rows_is_not_small_where_their_keys_lie_in_several_partitions() -> None:
    world = World(IN_ONE_TASK)
    root = imported(world, DIRTY)
    retry = requested_again(world, root, {2: {"email": "bob@x.com"}}, only_given=True)
    workspace = Workspace(world.stores.files, root, attempt_id="gate")
    workspace.write_manifest(replace(workspace.get_manifest(), partitions=2))

    division = divided(world, retry)

    assert (division.partitions, division.expected_rows, division.is_small) == (2, 1, False)


class CancelingResults(MemoryTaskResults):
    """Cancels an import when its rows have been read."""

    def __init__(self, world: World) -> None:
        super().__init__()
        self._world = world
        self.canceled: ImportId | None = None

    def put_once(self, import_id: ImportId, attempt: int, result: TaskResult) -> bool:
        if import_id == self.canceled and result.phase is PhaseName.VALIDATION:
            self._world.stores.imports.change(OURS, import_id, ImportChange(to=Status.CANCELING, at=NOW))
        return super().put_once(import_id, attempt, result)


def test_a_row_that_a_retry_did_not_come_to_is_what_it_was_before() -> None:
    world = World()
    results = CancelingResults(world)
    world.stores = replace(world.stores, results=results)
    world.context = replace(world.context, stores=world.stores)
    root = imported(world, SAME, duplicate_handling=DuplicateHandling.IGNORE_ALL)
    results.canceled = ImportId("imp_canceled")
    world.context = replace(world.context, new_id=lambda _: "imp_canceled")
    canceled = retried(world, root, {1: {"email": "other@x.com"}}, ["skipped"])
    assert (canceled.status, outcomes_of(world, canceled)) == (Status.CANCELED, {1: "unprocessed", 2: "unprocessed"})

    world.context = replace(world.context, new_id=lambda _: "imp_again")
    again = retried(world, root, {2: {"name": "Bea"}}, ["skipped"], only_given=True)

    assert outcomes_of(world, again) == {2: "skipped"}


def rows_and_drafts_read(world: World, retry: Import) -> tuple[int, list[int]]:
    """Reads the rows of a retry, and returns how many there are, and of which batches drafts were read for them."""
    reads: list[int] = []

    with open_retry(connect_pipeline(world)._context(retry), 0) as source:
        workspace = source._chain.source
        each_draft = workspace.each_draft

        def each_noted(phase: PhaseName, batch: int) -> Iterator[Draft]:
            reads.append(batch)
            return each_draft(phase, batch)

        workspace.each_draft = each_noted  # type: ignore[method-assign] # a fake of its own
        return sum(len(block) for block in source.blocks), reads


def test_what_was_wrong_with_unprocessed_rows_is_read_once_for_a_batch() -> None:
    world = World(IN_ONE_TASK)
    results = CancelingResults(world)
    results.canceled = ImportId("imp_root")
    world.stores = replace(world.stores, results=results)
    world.context = replace(world.context, stores=world.stores)
    rows = b"".join(b"P%d,p%d@x.com\n" % (number, number) for number in range(2_500))
    root = imported(world, b"name,email\n" + rows)
    retry = requested_again(world, root, include=("unprocessed",))

    assert rows_and_drafts_read(world, retry) == (2_500, [0])


def test_what_was_wrong_with_rows_that_failed_their_outcomes_tell() -> None:
    world = World()

    retry = requested_again(world, imported(world, DIRTY))

    assert rows_and_drafts_read(world, retry) == (3, [])
