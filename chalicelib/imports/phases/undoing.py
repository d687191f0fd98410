"""Undoing: what became of a record that an import changed, and what it is to be again.

In come rows of an undo, each of which means a record, with the records as they are now and as they were before the
import. A record is reversed if it is as the import left it: the last who wrote it was the import, or it was an undo
that has restored what the import had left. What others have changed since is kept as it is.
"""

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass

from chalicelib.imports.phases.outcomes import fail_row, finish_row
from chalicelib.imports.phases.processing import Decision, repeat
from chalicelib.model.before_images import BeforeImage, BeforeImages
from chalicelib.model.ids import ImportId, RecordId
from chalicelib.model.problem_codes import ProblemCode
from chalicelib.model.problems import Problem
from chalicelib.model.records import Record, Stamp, Write
from chalicelib.model.rows import Draft, Outcome, RowOutcome


@dataclass(frozen=True, slots=True, kw_only=True)
class UndoRules:
    """What holds for every row of an undo."""

    import_id: ImportId
    """The undo."""
    undone: ImportId
    """The import that it undoes."""
    earlier_undos: Set[ImportId] = frozenset()
    """Other undos of the same import."""


def undo(
    drafts: Iterable[Draft], stored: Mapping[RecordId, Record], images: BeforeImages, rules: UndoRules
) -> list[Decision]:
    """Returns what each row does, in the order of the drafts. `stored` are the records as they are now, tombstones
    included.
    """
    return [(draft, _decide(draft, stored.get(draft.record_id), images, rules)) for draft in drafts if draft.record_id]


def version_left(record: Record | None, import_id: ImportId) -> int | None:
    """Returns which version of the import's the record is; None where it is none that the import has left."""
    maker = record.maker if record else None
    if record and record.stamps and record.stamps[-1].import_id == import_id:
        return record.version
    return maker.version if maker and maker.import_id == import_id else None


def _decide(draft: Draft, record: Record | None, images: BeforeImages, rules: UndoRules) -> Write | RowOutcome:
    if record and (stamp := record.find_stamp(rules.import_id, draft.row_number)):
        return repeat(record, stamp)
    version = version_left(record, rules.undone)
    if record is None or version is None:
        return _leave(draft, record, rules)
    first, image = _find_first(record.record_id, version, images, rules.undone)
    if image is None and first > 1:
        return fail_row(draft, ProblemCode.BEFORE_IMAGE_MISSING)
    return _restore(draft, record, image.before if image else None, rules)


def _leave(draft: Draft, record: Record | None, rules: UndoRules) -> RowOutcome:
    """What an undo has reversed before is reversed; everything else was changed by others."""
    last = record.stamps[-1].import_id if record and record.stamps else None
    if last == rules.import_id or last in rules.earlier_undos:
        return finish_row(draft, Outcome.UNCHANGED)
    problem = Problem(ProblemCode.CHANGED_SINCE, draft.row_number, draft.line, value=draft.record_id)
    return finish_row(draft, Outcome.SKIPPED, problem)


def _find_first(
    record_id: RecordId, version: int, images: BeforeImages, undone: ImportId
) -> tuple[int, BeforeImage | None]:
    """The first of the versions that the import has made one after the other, up to this one, and its image. A record
    that the import has created has none."""
    while (image := images.get((record_id, version))) is not None:
        earlier = version_left(image.before, undone)
        if earlier is None or earlier >= version:
            return version, image
        version = earlier
    return version, None


def _restore(draft: Draft, record: Record, restored: Record | None, rules: UndoRules) -> Write | RowOutcome:
    living = restored if restored is not None and not restored.is_deleted else None
    if living is None and record.is_deleted:
        return finish_row(draft, Outcome.UNCHANGED)
    outcome = Outcome.DELETED if living is None else Outcome.CREATED if record.is_deleted else Outcome.UPDATED
    write = Write(record.record_id, record, Stamp(rules.import_id, draft.row_number, outcome), restores=restored)
    if living is not None:
        write.fields, write.claims, write.match_keys = living.fields, living.claims, living.match_keys
    return write
