"""Which phases an import passes through, rehearsals included: all imports read the same table (`model/phases.py`), and
each leaves out what it has no use for.

    plain             … validation                                  → processing → cleanup
    with guard rails  … validation → rehearsal → rehearsal_cleanup  → processing → cleanup
    preview           … validation → rehearsal → rehearsal_cleanup
    undo              prevalidation                                 → processing

Cleanup, rehearsed or not, belongs to overwrites; where a guard rail is a part of all records, a rehearsed one counts
them for a delete.
"""

from dataclasses import replace

from chalicelib.model.imports import Action, Import, PhaseProgress, PhaseStatus, pending_phases
from chalicelib.model.phases import PHASES, PhaseName, phases_until, public_name, spec_of


def passes_of(import_: Import) -> tuple[PhaseName, ...]:
    """Returns the phases that an import passes through, in order."""
    return tuple(one.name for one in PHASES if _is_run(import_, one.name))


def passes_until(import_: Import, name: PhaseName) -> tuple[PhaseName, ...]:
    """Returns the phases that an import passes through up to and with this one, in order."""
    return tuple(one for one in phases_until(name) if _is_run(import_, one))


def pass_after(import_: Import, name: PhaseName) -> PhaseName | None:
    """Returns the next phase of an import; None after its last."""
    behind = passes_of(import_)[len(passes_until(import_, name)) :]
    return behind[0] if behind else None


def row_phases_of(import_: Import) -> tuple[PhaseName, ...]:
    """Returns the phases in which the rows of an import get their outcome, in order."""
    return tuple(name for name in passes_of(import_) if spec_of(name).finishes_rows)


def is_rehearsed(import_: Import) -> bool:
    """Returns whether an import decides everything before it writes anything."""
    return _is_run(import_, PhaseName.REHEARSAL)


def visible_phase_of(import_: Import, name: PhaseName) -> PhaseName:
    """Returns the phase under which callers see a phase of an import while it runs. What a preview rehearses they see
    as done; of any other import, all rehearsals are the beginning of processing.
    """
    is_beginning = spec_of(name).rehearses is not None and not import_.is_preview
    return PhaseName.PROCESSING if is_beginning else public_name(name)


def phase_before_writing(import_: Import) -> PhaseName:
    """Returns the phase whose drafts are rehearsed and processed."""
    return PhaseName.VALIDATION if import_.undo_of is None else PhaseName.PREVALIDATION


def initial_phases(import_: Import) -> tuple[PhaseProgress, ...]:
    """Returns the phases that callers see, as they are before an import begins: those that an undo has no use for are
    skipped.
    """
    passed = {public_name(one) for one in passes_of(import_)}
    return tuple(
        one if import_.undo_of is None or one.name in passed else replace(one, status=PhaseStatus.SKIPPED)
        for one in pending_phases(import_.upload_mode)
    )


def _is_run(import_: Import, name: PhaseName) -> bool:
    if import_.undo_of is not None and not spec_of(name).runs_in_undo:
        return False
    match name:
        case PhaseName.REHEARSAL:
            rails = import_.guard_rails
            is_guarded = rails.max_failed is not None or rails.all_or_nothing or _limits_deletions(import_)
            return import_.is_preview or is_guarded
        case PhaseName.REHEARSAL_CLEANUP:
            return _rehearses_cleanup(import_)
        case PhaseName.PROCESSING:
            return not import_.is_preview
        case PhaseName.CLEANUP:
            return cleans_up(import_) and not import_.is_preview
        case _:
            return True


def cleans_up(import_: Import) -> bool:
    """Returns whether an import deletes what no row names, or shows what it would delete: an overwrite, unless it tries
    rows of another one again, or undoes another one.
    """
    return import_.action is Action.OVERWRITE and import_.retry_of is None and import_.undo_of is None


def _limits_deletions(import_: Import) -> bool:
    return import_.guard_rails.max_deleted is not None and import_.action in (Action.OVERWRITE, Action.DELETE)


def _rehearses_cleanup(import_: Import) -> bool:
    if import_.action is Action.OVERWRITE:
        return cleans_up(import_) and (import_.is_preview or _limits_deletions(import_))
    deleted = import_.guard_rails.max_deleted
    return _limits_deletions(import_) and deleted is not None and deleted.is_percent
