"""What tasks hand to each other comes back as it was, with numbers of the whole source."""

import pytest

from chalicelib.imports.phases.duplicates import DuplicateRow
from chalicelib.imports.workspace import BATCHES_PER_SPLIT, CleanupPlan, SplitOffset, Workspace
from chalicelib.model.phases import FIRST_PHASE, PhaseName
from chalicelib.model.rows import Draft, Fields
from chalicelib.stores import memory
from tests.import_world import ImportWorld
from tests.unit.imports.workspace.test_row_pages_reads import CountedFiles

PHASE = PhaseName.VALIDATION
SKIPPED, ALSO_SKIPPED = DuplicateRow(0, 5, "email:a", 1), DuplicateRow(0, 5, "phone:b", 2)
TAKEN, ALSO_TAKEN = DuplicateRow(0, 5, "email:a", 1, is_taken=True), DuplicateRow(0, 5, "phone:b", 2, is_taken=True)


def test_fields_written_anew_are_given_to_the_drafts_of_their_rows() -> None:
    workspace = Workspace(memory.stores().files, ImportWorld().queue("name\n"), attempt_id="t")
    workspace.write_committed_attempts(PHASE, {0: "t"})
    fields: dict[int, Fields] = {number: {"name": f"N{number}"} for number in range(1, 2_502, 2)}
    workspace.write_fields(PHASE, 0, fields)

    drafts = [Draft(number, number + 1, {}, []) for number in fields]

    assert [one.fields for one in workspace.each_with_fields(PHASE, 0, drafts)] == [*fields.values()]
    assert workspace.row_pages.read_fields(PHASE, 0, {1, 2_001}) == {1: fields[1], 2_001: fields[2_001]}


def two_workspaces(files: CountedFiles) -> tuple[Workspace, Workspace]:
    """One that writes, and one that reads."""
    import_ = ImportWorld().queue("name\n")
    return Workspace(files, import_, attempt_id="t"), Workspace(files, import_, attempt_id="reader")


def test_what_the_gates_write_is_read_by_others_and_once() -> None:
    files = CountedFiles()
    writer, reader = two_workspaces(files)
    plan = CleanupPlan(counts_only=True, mentioning=[3])
    writer.write_batches([0, 1])
    writer.write_cleanup_plan(plan)

    for _ in range(2):
        assert reader.get_batches() == [0, 1]
        assert reader.get_cleanup_plan() == plan

    assert len(files.reads) == 2


@pytest.mark.parametrize(
    ("first", "second", "kept"),
    [
        pytest.param(SKIPPED, ALSO_SKIPPED, SKIPPED, id="skipped twice"),
        pytest.param(TAKEN, ALSO_TAKEN, TAKEN, id="failed twice"),
        pytest.param(SKIPPED, ALSO_TAKEN, SKIPPED, id="skipped, then failed"),
        pytest.param(TAKEN, ALSO_SKIPPED, ALSO_SKIPPED, id="failed, then skipped"),
    ],
)
def test_a_row_that_several_keys_would_mark_is_marked_once(
    first: DuplicateRow, second: DuplicateRow, kept: DuplicateRow
) -> None:
    writer, reader = two_workspaces(CountedFiles())
    writer.write_batches([0])
    for task, one in enumerate((first, second)):
        writer.shuffled.write_duplicates(PhaseName.PARSING, task, [(0, [one])])
    writer.write_committed_attempts(PhaseName.PARSING, {0: "t", 1: "t"}, {0: [0], 1: [1]})

    assert reader.shuffled.get_duplicates(PhaseName.PARSING, 0) == {5: kept}


@pytest.mark.parametrize(
    ("phase", "split", "number"),
    [
        pytest.param(FIRST_PHASE, 0, 1, id="of the first split"),
        pytest.param(FIRST_PHASE, 1, 11, id="of the second split"),
        pytest.param(PHASE, 1, 1, id="numbered in the whole already"),
    ],
)
def test_only_what_prevalidation_writes_of_later_splits_is_numbered_behind_what_lies_before(
    phase: PhaseName, split: int, number: int
) -> None:
    batch = split * BATCHES_PER_SPLIT
    writer, reader = two_workspaces(CountedFiles())
    writer.write_drafts(phase, batch, [Draft(1, 2, {}, [])])
    writer.write_committed_attempts(phase, {split if phase is FIRST_PHASE else batch: "t"})
    if split:
        writer.write_offsets([SplitOffset(), SplitOffset(rows=10, lines=10)])

    assert [one.row_number for one in reader.each_draft(phase, batch)] == [number]
