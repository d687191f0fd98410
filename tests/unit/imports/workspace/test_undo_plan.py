"""The splits of an undo are read as they were written."""

import pytest

from chalicelib.errors import NotFound
from chalicelib.imports.workspace import BATCHES_PER_SPLIT, UndoSplit, Workspace
from tests.import_world import ImportWorld
from tests.unit.imports.workspace.test_row_pages_reads import CountedFiles

SPLITS = [
    UndoSplit(resource="contacts", shards=(3, 1)),
    UndoSplit(resource="contacts", batches=(2, 1, 0)),
    UndoSplit(resource="companies", batches=(2, 1, 0), creates_missing=True),
]


def two_workspaces() -> tuple[Workspace, Workspace]:
    world = ImportWorld()
    import_ = world.queue("name\n")
    first, second = (Workspace(world.stores.files, import_, attempt_id=one) for one in ("try1", "try2"))
    return first, second


def test_every_attempt_reads_the_splits() -> None:
    writer, reader = two_workspaces()

    writer.undo_plan.write(SPLITS)

    assert reader.undo_plan.get_splits() == SPLITS


def test_a_batch_belongs_to_the_split_that_has_read_it() -> None:
    writer, reader = two_workspaces()
    writer.undo_plan.write(SPLITS)

    assert reader.undo_plan.get_split_of(2 * BATCHES_PER_SPLIT + 1).resource == "companies"


def test_without_a_plan_there_are_no_splits() -> None:
    with pytest.raises(NotFound):
        two_workspaces()[0].undo_plan.get_splits()


def test_a_workspace_reads_the_splits_once() -> None:
    files, import_ = CountedFiles(), ImportWorld().queue("name\n")
    writer, reader = (Workspace(files, import_, attempt_id=one) for one in ("try1", "try2"))
    writer.undo_plan.write(SPLITS)

    for workspace in (writer, reader, reader):
        assert workspace.undo_plan.get_splits() == SPLITS

    assert len(files.reads) == 1
