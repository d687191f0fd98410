"""Blocks are gathered into batches that fit into memory, and each batch is written and counted at its end."""

import pytest

from chalicelib.formats.blocks import block_of
from chalicelib.imports.phases.prevalidation import Prevalidated
from chalicelib.imports.task_context import TaskContext
from chalicelib.imports.tasks.batch_writer import BatchWriter
from chalicelib.model.limits import DEFAULT_LIMITS, Limits
from chalicelib.model.phases import PhaseName
from chalicelib.model.rows import Draft, FieldBlock, Outcome, Row, RowBlock, RowOutcome
from chalicelib.model.task_results import TaskResult
from tests.import_world import ImportWorld
from tests.task_contexts import started_context

PHASE = PhaseName.PREVALIDATION
EMPTY = TaskResult(phase=PHASE, task=0, attempt_id="try")


def a_context(limits: Limits = DEFAULT_LIMITS, *, action: str = "merge") -> TaskContext:
    world = ImportWorld(limits=limits)
    return started_context(world, world.queue("name\nAnn\n", action=action))


def a_block(*numbers: int, characters: int = 10) -> RowBlock:
    return block_of([Row(number, number + 1, [f"Person {number}"]) for number in numbers], characters)


def passed(block: RowBlock) -> Prevalidated:
    """What prevalidation returns for a block whose rows are all well formed."""
    drafts = [Draft(number, number + 1, {}, [f"email:{number}@x.com"]) for number in block.numbers]
    return Prevalidated(drafts, FieldBlock([*block.numbers], ["name"], [[f"Person {one}" for one in block.numbers]]))


def failed(block: RowBlock) -> Prevalidated:
    """What prevalidation returns for a block of which every row fails."""
    outcomes = [RowOutcome(number, number + 1, Outcome.FAILED, None, []) for number in block.numbers]
    keys = {"email:a@x.com"}
    return Prevalidated([], FieldBlock(), outcomes, failed_keys=keys, mentioned={"email:b@x.com"}, nameless=1)


def commit(context: TaskContext) -> None:
    context.workspace.write_committed_attempts(PHASE, {0: context.workspace.attempt_id})


@pytest.mark.parametrize(
    ("limits", "is_full"),
    [
        pytest.param(Limits(batch_rows=3, batch_bytes=100), False, id="room for a row"),
        pytest.param(Limits(batch_rows=2, batch_bytes=100), True, id="no room for a row"),
        pytest.param(Limits(batch_rows=3, batch_bytes=10), True, id="too many characters"),
    ],
)
def test_a_batch_is_full_by_rows_or_by_characters(limits: Limits, is_full: bool) -> None:
    writer = BatchWriter(a_context(limits), 0)

    writer.add(a_block(1, 2), passed(a_block(1, 2)))

    assert (writer.is_full, writer.room) == (is_full, limits.batch_rows - 2)


def test_a_closed_batch_is_written_and_counted_and_the_next_is_open() -> None:
    context = a_context()
    writer = BatchWriter(context, 0)
    writer.add(a_block(1, 2), passed(a_block(1, 2)))
    writer.add(a_block(3), failed(a_block(3)))

    result = writer.close(EMPTY)

    assert (result.entered, result.stats.total, result.stats.failed) == (3, 3, 1)
    assert (result.batches, result.keys, result.nameless) == (1, 2, 1)
    assert (writer.number, writer.rows) == (1, 0)
    commit(context)
    assert [row.number for row in context.workspace.each_row(0)] == [1, 2, 3]
    assert [one.row_number for one in context.workspace.each_draft(PHASE, 0)] == [1, 2]
    assert [one.row_number for one in context.workspace.each_outcome(PHASE, 0)] == [3]


@pytest.mark.parametrize(("action", "failed_keys"), [("overwrite", ["email:a@x.com"]), ("merge", [])])
def test_only_an_overwrite_keeps_the_keys_of_rows_that_failed(action: str, failed_keys: list[str]) -> None:
    context = a_context(action=action)
    writer = BatchWriter(context, 0)
    writer.add(a_block(1), failed(a_block(1)))
    writer.close(EMPTY)
    commit(context)

    assert [*context.workspace.each_failed_key(0)] == failed_keys
