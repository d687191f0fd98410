"""Guard rails: at the last gate of its rehearsal an import is told whether too much would fail or be deleted.

All outcomes are known by then and nothing is written, so that an import that is stopped here leaves the records as they
were. Failures that races cause later are only counted.
"""

from chalicelib.imports.counters import Results
from chalicelib.model.guard_rails import Tolerance
from chalicelib.model.imports import Action, Import, Stats
from chalicelib.model.phases import PhaseName, spec_of
from chalicelib.model.stop_reasons import StopCode, StopReason


def find_broken_guard_rail(import_: Import, results: Results) -> StopReason | None:
    """Returns why an import must not go on to write, by the results of all its phases and rehearsals so far."""
    return _judge_failed(import_, results) or _judge_deleted(import_, results) or _judge_whole(import_, results)


def _judge_failed(import_: Import, results: Results) -> StopReason | None:
    rail, would_be = import_.guard_rails.max_failed, _would_be(results)
    if rail is None or rail.allows(would_be.failed, would_be.total):
        return None
    return StopReason(StopCode.MAX_FAILED, f"{would_be.failed} of {_several(would_be.total, 'row')}, limit {rail}")


def _judge_deleted(import_: Import, results: Results) -> StopReason | None:
    rail, would_be = import_.guard_rails.max_deleted, _would_be(results)
    found = would_be.deleted if import_.action is Action.DELETE else would_be.overwritten
    total = sum(one.in_scope for one in results.get(PhaseName.REHEARSAL_CLEANUP, ()))
    if rail is None or rail.allows(found, total):
        return None
    return StopReason(StopCode.MAX_DELETED, f"{_part(found, total, rail)}, limit {rail}")


def _judge_whole(import_: Import, results: Results) -> StopReason | None:
    would_be = _would_be(results)
    if not (import_.guard_rails.all_or_nothing and would_be.failed):
        return None
    return StopReason(StopCode.ALL_OR_NOTHING, f"{would_be.failed} of {_several(would_be.total, 'row')}")


def _part(found: int, total: int, rail: Tolerance) -> str:
    """A delete counts all records only where its limit is a part of them."""
    return f"{found} of {_several(total, 'record')}" if total else _several(found, "record")


def _would_be(results: Results) -> Stats:
    """What the import would come to: what phases have counted, and what was rehearsed."""
    each = ((spec_of(name).rehearses, one) for name, ones in results.items() for one in ones)
    return sum((one.rehearsed if rehearses else one.stats for rehearses, one in each), Stats())


def _several(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
