"""Undoing of a write batch: which records its rows mean, as they are now and as they were before the import. What
becomes of them, `imports/phases/undoing.py` decides; `tasks/processing.py` performs it, as it does for any import.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

from chalicelib.errors import Fatal
from chalicelib.imports.before_images import BeforeImageReader
from chalicelib.imports.phases.processing import Decision
from chalicelib.imports.phases.undoing import UndoRules, undo, version_left
from chalicelib.imports.task_context import TaskContext
from chalicelib.model.catalogue import RESOURCES
from chalicelib.model.ids import ImportId, RecordId
from chalicelib.model.imports import Import
from chalicelib.model.records import Record
from chalicelib.model.rows import Draft

IMAGES = "images"
"""Under which name a draft of an undo says which objects may have images of its record."""


def get_undone(context: TaskContext) -> Import:
    """Returns the import that an undo undoes. Raises Fatal where it is gone."""
    import_ = context.import_
    undone = context.stores.imports.find(import_.tenant_id, import_.undo_of) if import_.undo_of else None
    if undone is None:
        raise Fatal(f"the import {import_.undo_of} is gone")
    return undone


def for_batch(context: TaskContext, batch: int) -> TaskContext:
    """Returns the context of a batch: an undo may change records of several resources, each batch those of one."""
    if context.import_.undo_of is None:
        return context
    resource = context.workspace.undo_plan.get_split_of(batch).resource
    return replace(context, import_=replace(context.import_, resource=resource), resource=RESOURCES[resource])


def decide_undo(context: TaskContext, drafts: Collection[Draft], stored: Mapping[RecordId, Record]) -> list[Decision]:
    """Returns what each row of a write batch does."""
    undone = get_undone(context)
    reader = BeforeImageReader(context.stores.files, undone)
    names = dict.fromkeys(name for draft in drafts for name in _names_in(draft))
    images = reader.find(names, {draft.record_id for draft in drafts if draft.record_id})
    rules = UndoRules(
        import_id=context.import_.import_id,
        undone=undone.import_id,
        earlier_undos=_find_earlier_undos(context, undone.import_id, stored.values()),
    )
    return undo(drafts, stored, images, rules)


def _names_in(draft: Draft) -> list[str]:
    names = draft.fields.get(IMAGES)
    return [str(one) for one in names] if isinstance(names, list) else []


def _find_earlier_undos(context: TaskContext, undone: ImportId, stored: Iterable[Record]) -> set[ImportId]:
    """Of the imports that have written these records last, those that are undos of the same import."""
    left = (one for one in stored if version_left(one, undone) is None)
    others = {one.stamps[-1].import_id for one in left if one.stamps} - {context.import_.import_id}
    found = (context.stores.imports.find(context.import_.tenant_id, one) for one in sorted(others))
    return {one.import_id for one in found if one is not None and one.undo_of == undone}
