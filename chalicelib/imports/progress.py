"""Progress of an import that is under way: asked for by callers, or reported by the one task that runs all phases.

Tasks that run side by side report nothing on the way: the results that are there are summed when a caller asks. Results
are written once each, so the sums never run ahead and never count a task twice.
"""

from collections.abc import Callable
from dataclasses import replace

from chalicelib.imports.counters import Results, counted_so_far
from chalicelib.imports.import_state import ImportState
from chalicelib.lifecycle.progress_reporter import ProgressReporter
from chalicelib.model.imports import Import, PhaseProgress, PhaseStatus
from chalicelib.model.passes import passes_of, visible_phase_of
from chalicelib.model.phases import PhaseName, public_name, spec_of
from chalicelib.stores.interfaces import Stores, TaskResults

RATE_S = 60
"""Over how many seconds the rate is taken."""


def with_progress(stores: Stores, import_: Import, now: int) -> Import:
    """Returns the import with the counters of the running phase as they are now. Costs one query, and another one where
    processing is rehearsed first.
    """
    running = next((one for one in import_.phases if one.status is PhaseStatus.PROCESSING), None)
    if running is None or import_.is_final:
        return import_
    results = _results_of(stores.results, import_, running)
    counted = _counted(import_, running, results)
    return _with_phase(import_, replace(counted, rows_per_second=_rate(counted, results, now)))


def progress_reporter(
    state: ImportState, results: TaskResults, import_: Import, now: Callable[[], float]
) -> ProgressReporter[[PhaseName, int]]:
    """Returns a reporter that takes a phase and how many rows of it the task that is under way has done. Rows of
    earlier tasks are added.
    """

    def write(phase: PhaseName, processed: int) -> None:
        if told := _with_rows_done(state.find(), results, import_, phase, processed):
            state.report(replace(told, updated_at=int(now())))

    return ProgressReporter(write, now)


def _with_rows_done(
    stored: Import | None, results: TaskResults, import_: Import, phase: PhaseName, processed: int
) -> Import | None:
    """A phase that another attempt has brought to its end meanwhile is left as it is, and so is one that is only
    rehearsed: its rows are still to be processed."""
    if visible_phase_of(import_, phase) is not public_name(phase):
        return None
    running = next((one for one in stored.phases if one.name is public_name(phase)), None) if stored else None
    if stored is None or running is None or running.status is not PhaseStatus.PROCESSING:
        return None
    return _with_phase(stored, _counted(import_, running, _results_of(results, import_, running), processed))


def _results_of(results: TaskResults, import_: Import, running: PhaseProgress) -> Results:
    """The results by pass of all passes over batches that callers see as this phase, in order; the last counts rows."""
    passes = [name for name in passes_of(import_) if visible_phase_of(import_, name) is running.name]
    alike = [name for name in passes if spec_of(name).unit is spec_of(passes[-1]).unit]
    return {name: results.list_results(import_.import_id, import_.attempt, name) for name in alike}


def _counted(import_: Import, running: PhaseProgress, results: Results, under_way: int = 0) -> PhaseProgress:
    *before, last = results
    counted = counted_so_far(running, results[last], under_way=under_way)
    done = [len(results[name]) / running.tasks if running.tasks else 0.0 for name in results]
    if done[-1] or counted.processed:
        done[:-1] = [1.0] * len(before)  # what is rehearsed is rehearsed before anything is done
    if not spec_of(running.name).is_open_ended and counted.total:
        done[-1] = max(done[-1], counted.processed / counted.total)
    part = sum(min(one, 1.0) for one in done) / len(done)
    return replace(counted, part_done=max(running.part_done, part))


def _rate(phase: PhaseProgress, results: Results, now: int) -> int | None:
    """Of rows that a task has reported, which has no result yet, it is not known when they were done: evenly, since the
    phase began."""
    elapsed_s = max(now - (phase.started_at or now), 1)
    window_s = min(elapsed_s, RATE_S)
    *_, last = results.values()
    lately = sum(one.entered for one in last if one.put_at > now - window_s)
    reported = max(phase.processed - sum(one.entered for one in last), 0)
    return round((lately + reported * window_s / elapsed_s) / window_s) or None


def _with_phase(import_: Import, phase: PhaseProgress) -> Import:
    return replace(import_, phases=tuple(phase if one.name is phase.name else one for one in import_.phases))
