"""What tasks that work on a batch do alike."""

from chalicelib.imports.phases.duplicates import DuplicateRow
from chalicelib.imports.pipeline import run_phases
from chalicelib.imports.tasks.batches import get_duplicates, give_fields, write_batch
from chalicelib.model.phases import PhaseName
from chalicelib.model.rows import Draft, Outcome, RowOutcome
from tests.import_world import ImportWorld
from tests.task_contexts import started_context

SOURCE = "name,email\nAnn,ann@x.com\nBen,ben@x.com\nAnna,ann@x.com\n"


def test_rows_that_a_phase_has_marked_are_known_by_their_number() -> None:
    world = ImportWorld()
    context = started_context(world, world.queue(SOURCE))
    run_phases(context, until=PhaseName.PREPARSING)

    duplicates = get_duplicates(context, PhaseName.PREPARSING, 0)

    assert {number: one.other for number, one in duplicates.items()} == {3: 1}


def test_only_duplicates_are_given_their_fields() -> None:
    world = ImportWorld()
    context = started_context(world, world.queue(SOURCE))
    run_phases(context, until=PhaseName.PREPARSING)
    drafts = [*context.workspace.each_draft(PhaseName.PREVALIDATION, 0)]

    give_fields(context, 0, drafts, {3: DuplicateRow(0, 3, "email:ann@x.com", 1)})

    assert [draft.fields.get("name") for draft in drafts] == [None, None, "Anna"]


def test_a_batch_is_written_and_its_rows_are_counted() -> None:
    world = ImportWorld()
    context = started_context(world, world.queue(SOURCE))
    outcomes = [RowOutcome(3, 4, Outcome.SKIPPED, None, []), RowOutcome(4, 5, Outcome.FAILED, None, [])]

    result = write_batch(context, PhaseName.TRANSFORMING, 0, [Draft(1, 2, {}, []), Draft(2, 3, {}, [])], outcomes)

    assert (result.entered, result.left, result.marked_before) == (4, 2, 1)
    context.workspace.write_committed_attempts(PhaseName.TRANSFORMING, {0: context.workspace.attempt_id})
    assert [one.row_number for one in context.workspace.each_draft(PhaseName.TRANSFORMING, 0)] == [1, 2]
    assert [one.row_number for one in context.workspace.each_outcome(PhaseName.TRANSFORMING, 0)] == [3, 4]
