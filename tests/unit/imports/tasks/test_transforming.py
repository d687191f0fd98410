"""A batch of drafts finds its stored records; in an overwrite it notes which of them its rows name."""

from chalicelib.imports.pipeline import run_phases
from chalicelib.imports.task_context import TaskContext
from chalicelib.imports.tasks.transforming import transform_batch
from chalicelib.model.phases import PhaseName
from chalicelib.model.rows import Draft
from tests.import_world import ImportWorld
from tests.task_contexts import started_context

PHASE = PhaseName.TRANSFORMING
STORED = "name,email\nAnn,ann@x.com\nBen,ben@x.com\n"


def context_before(source: str, *, action: str = "merge") -> TaskContext:
    """An import whose rows are well formed so far, over a store in which Ann and Ben are."""
    world = ImportWorld()
    world.run(STORED)
    context = started_context(world, world.queue(source, action=action))
    run_phases(context, until=PhaseName.PREPARSING)
    return context


def transformed(context: TaskContext) -> list[Draft]:
    context.workspace.write_committed_attempts(PHASE, {0: context.workspace.attempt_id})
    return [*context.workspace.each_draft(PHASE, 0)]


def test_rows_mean_the_record_that_has_their_identity() -> None:
    context = context_before("name,email\nNew Ann,ann@x.com\nCy,cy@x.com\n")

    result = transform_batch(context, 0)

    assert (result.entered, result.left, result.keys) == (2, 0, 1)
    assert [one.is_match for one in transformed(context)] == [True, False]


def test_rows_that_preparsing_has_marked_are_skipped() -> None:
    context = context_before("name,email\nNew Ann,ann@x.com\nAnother,ann@x.com\n")

    result = transform_batch(context, 0)

    assert (result.left, result.marked_before, result.stats.skipped) == (1, 1, 1)
    assert [one.row_number for one in transformed(context)] == [1]


def test_an_overwrite_notes_the_records_that_its_rows_name() -> None:
    context = context_before("name,email\nNew Ann,ann@x.com\n", action="overwrite")
    transform_batch(context, 0)
    (draft,) = transformed(context)

    shards = range(context.workspace.get_manifest().shards)

    assert len(shards) > 0
    assert [one for shard in shards for one in context.workspace.shuffled.each_named(shard)] == [draft.record_id]
