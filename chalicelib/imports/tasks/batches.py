"""What tasks that work on a batch do alike: skip the rows that are marked as duplicates, and write what goes on."""

from collections.abc import Iterable, Mapping

from chalicelib.imports.phases.duplicates import DuplicateRow
from chalicelib.imports.task_context import TaskContext
from chalicelib.imports.task_counters import with_outcomes
from chalicelib.model.phases import PhaseName
from chalicelib.model.rows import Draft, Outcome, RowOutcome
from chalicelib.model.task_results import TaskResult


def get_duplicates(context: TaskContext, phase: PhaseName, batch: int) -> dict[int, DuplicateRow]:
    """Returns the rows of a batch that a phase has marked as duplicates, by row number."""
    return context.workspace.shuffled.get_duplicates(phase, batch)


def give_fields(
    context: TaskContext, batch: int, drafts: Iterable[Draft], duplicates: Mapping[int, DuplicateRow]
) -> None:
    """Gives the drafts of duplicates their fields, from which they tell by which value they are duplicates."""
    fields = context.workspace.find_fields(PhaseName.PREVALIDATION, batch, duplicates.keys())
    for draft in drafts if duplicates else ():
        draft.fields = fields.get(draft.row_number, draft.fields)


def write_batch(
    context: TaskContext, phase: PhaseName, batch: int, drafts: list[Draft], outcomes: list[RowOutcome]
) -> TaskResult:
    """Writes the drafts that go on and the outcomes of those that do not, and returns them counted."""
    workspace = context.workspace
    workspace.write_drafts(phase, batch, drafts)
    workspace.write_outcomes(phase, batch, outcomes)
    skipped = sum(outcome.outcome is Outcome.SKIPPED for outcome in outcomes)
    entered = len(drafts) + len(outcomes)
    result = TaskResult(
        phase=phase, task=batch, attempt_id=workspace.attempt_id, entered=entered, marked_before=skipped
    )
    return with_outcomes(result, outcomes)
