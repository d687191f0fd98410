"""Validation of one batch: drafts come in, and those that go on come out with their references resolved.
What a dead reference means for its row, `imports/phases/validation.py` decides.

Where the import wants it so, dead references become links to records that processing makes (`missing_records.py`).
"""

from chalicelib.imports.phases.validation import validate
from chalicelib.imports.task_context import TaskContext
from chalicelib.imports.tasks.batches import get_duplicates, give_fields, write_batch
from chalicelib.imports.tasks.lookups import other_records
from chalicelib.model.phases import PhaseName
from chalicelib.model.resources import Resource
from chalicelib.model.task_results import TaskResult


def validate_batch(context: TaskContext, batch: int) -> TaskResult:
    """Resolves the references of a batch, and skips the rows that parsing has marked."""
    workspace, duplicates = context.workspace, get_duplicates(context, PhaseName.PARSING, batch)
    if not (duplicates or context.resource.references):
        return _forward_batch(context, batch)
    drafts = list(workspace.each_draft(PhaseName.TRANSFORMING, batch))
    give_fields(context, batch, drafts, duplicates)
    if context.resource.references:
        drafts = list(workspace.each_with_fields(PhaseName.PREVALIDATION, batch, drafts))
    done = validate(drafts, duplicates, context.resource, other_records(context))
    if context.resource.references:
        fields = {draft.row_number: draft.fields for draft in done.drafts}
        workspace.write_fields(PhaseName.VALIDATION, batch, fields)
    return write_batch(context, PhaseName.VALIDATION, batch, done.drafts, done.outcomes)


def fields_written_by(resource: Resource) -> PhaseName:
    """Returns the phase whose fields processing takes: validation writes them anew where it resolves references."""
    return PhaseName.VALIDATION if resource.references else PhaseName.PREVALIDATION


def _forward_batch(context: TaskContext, batch: int) -> TaskResult:
    """Where validation has nothing to look at, the drafts need not be read to know how many there are."""
    workspace, import_, before = context.workspace, context.import_, PhaseName.TRANSFORMING
    transformed = context.stores.results.find_result(import_.import_id, import_.attempt, before, batch)
    assert transformed is not None, "the gate of transforming has seen it"
    workspace.forward_drafts(before, PhaseName.VALIDATION, batch)
    entered = transformed.entered - transformed.left
    return TaskResult(phase=PhaseName.VALIDATION, task=batch, attempt_id=workspace.attempt_id, entered=entered)
