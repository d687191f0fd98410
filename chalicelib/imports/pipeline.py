"""The life of an import on one page: seven phases in order, a gate after each.

    prevalidation  a span of the source    is the row well formed?
    preparsing     a partition of keys     which rows of the source are the same thing?
    transforming   a batch                 which stored record does the row mean?
    parsing        a partition of ids      which rows mean the same record by different identities?
    validation     a batch                 do the records exist that the row refers to?
    processing     a batch                 create, update, delete, and write it
    cleanup        a shard of the store    what an overwrite leaves behind

Whoever drives (a request, one task for a small source, a state machine for a large one) runs the same tasks and
passes the same gates. A gate trusts nothing but the results the tasks have written, once each.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from math import ceil

from chalicelib.errors import Fatal, Refused
from chalicelib.imports.counters import Results, phases_of, stats_of
from chalicelib.imports.garbage_collection import seldom_collected
from chalicelib.imports.task_context import SUPERSEDED, TaskContext
from chalicelib.imports.tasks.cleanup import sweep_shard
from chalicelib.imports.tasks.deduplication import drop_duplicates
from chalicelib.imports.tasks.matching import transform_batch, validate_batch
from chalicelib.imports.tasks.notations import decide_ahead
from chalicelib.imports.tasks.prevalidation import read_span
from chalicelib.imports.tasks.processing import process_batch
from chalicelib.imports.tasks.recovery import AttemptStillRunning, recover_result
from chalicelib.imports.tasks.split import find_spans
from chalicelib.imports.workspace import BATCHES_PER_SPAN, BEGINNING, Manifest, Origin, Sweep
from chalicelib.model.imports import Action, PhaseName, PhaseProgress, PhaseStatus
from chalicelib.model.rows import RowOutcome
from chalicelib.model.task_results import TaskResult
from chalicelib.schema.key_mapping import REMEMBERED_KEYS
from chalicelib.schema.wrong_source import SourceHeaders, check_source, is_fit

logger = logging.getLogger(__name__)

Task = Callable[[TaskContext, int], TaskResult]

TASKS: dict[PhaseName, Task] = {
    PhaseName.PREVALIDATION: read_span,
    PhaseName.PREPARSING: lambda journey, partition: drop_duplicates(journey, PhaseName.PREPARSING, partition),
    PhaseName.TRANSFORMING: transform_batch,
    PhaseName.PARSING: lambda journey, partition: drop_duplicates(journey, PhaseName.PARSING, partition),
    PhaseName.VALIDATION: validate_batch,
    PhaseName.PROCESSING: process_batch,
    PhaseName.CLEANUP: sweep_shard,
}
"""In order."""

PHASES = tuple(TASKS)

PARTITION_BYTES = 50_000_000
"""Of source for each partition of keys. Every batch has an object for every partition: 10 million rows of 200 bytes
make 500 × 40 of them, which cost 10 cents to write. Where a partition has more keys than a task should hold, several
tasks share it, so that memory is bounded whatever the rows look like."""
ROW_BYTES = 100
"""A guess at a row's length, to prepare the record store for what is coming."""


@dataclass(frozen=True, slots=True)
class GateDecision:
    """What a gate decides: on to `phase` with these tasks, or to the end of the road."""

    phase: PhaseName | None = None
    tasks: tuple[int, ...] = ()
    stopped_by: str | None = None


def plan(journey: TaskContext) -> Manifest:
    """Decides how the import is cut, and prepares the record store. The same at every try."""
    import_ = journey.import_
    size_bytes = import_.source.size_bytes if import_.source else 0
    shards = journey.stores.records.prepare(import_.tenant_id, import_.resource, expected_rows=size_bytes // ROW_BYTES)
    cut = find_spans(journey)
    if cut:
        journey.work.write_cut(cut)
        decide_ahead(journey, cut)
    manifest = Manifest(
        spans=len(cut.starts) if cut else 1,
        partitions=max(1, ceil(size_bytes / PARTITION_BYTES)),
        shards=shards if import_.action is Action.OVERWRITE else 0,
    )
    journey.work.write_manifest(manifest)
    return manifest


def run_phases(journey: TaskContext, *, until: PhaseName = PHASES[-1]) -> GateDecision:
    """Runs the phases in this process, up to and with `until`. Tasks that have a result are not run again, so that
    whoever travels a road that has been begun goes on where it ended."""
    verdict = GateDecision(PHASES[0], tasks_of(journey, PHASES[0]))
    while verdict.phase and PHASES.index(verdict.phase) <= PHASES.index(until):
        for task in verdict.tasks:
            run_task(journey, verdict.phase, task)
        verdict = close_phase(journey, verdict.phase)
    return verdict


def run_task(journey: TaskContext, phase: PhaseName, task: int) -> None:
    """Runs one task of a phase, unless it has a result. What no retry can mend ends the road, as a result; where
    another try may still be writing, there is none yet, and whoever ends the import waits for it."""
    results, import_ = journey.stores.results, journey.import_
    if results.find_result(import_.import_id, import_.attempt, phase, task):
        return
    try:
        results.put_once(import_.import_id, import_.attempt, _result_of(journey, phase, task))
    except AttemptStillRunning as reason:
        logger.warning("import %s: %s", import_.import_id, reason)


def _result_of(journey: TaskContext, phase: PhaseName, task: int) -> TaskResult:
    """Raises StillAtWork where the task was stopped while another try of it may be writing."""
    try:
        stop = journey.find_stop()
        if stop is None:
            with seldom_collected():
                return TASKS[phase](journey, task)
    except (Refused, Fatal) as error:
        stop = str(error)
    return recover_result(journey, phase, task, stop)


def tasks_of(journey: TaskContext, phase: PhaseName) -> tuple[int, ...]:
    manifest = journey.work.get_manifest()
    if phase is PhaseName.PREVALIDATION:
        return tuple(range(manifest.spans))
    if phase is PhaseName.CLEANUP:
        return tuple(range(manifest.shards))
    if phase in (PhaseName.PREPARSING, PhaseName.PARSING):
        return tuple(range(manifest.partitions * journey.work.get_shares()))
    return tuple(journey.work.get_batches())


def close_phase(journey: TaskContext, phase: PhaseName) -> GateDecision:
    """Counts the phase and decides what comes next; of an import that has ended meanwhile it leaves everything as it
    is. Raises Fatal if a task left no result and none was stopped."""
    results, stop = results_until(journey, phase), journey.find_stop()
    if stop == SUPERSEDED:
        return GateDecision(stopped_by=stop)
    stopped_by = next((one.stopped_by for one in results[phase] if one.stopped_by), None) or stop
    if not stopped_by:
        _demand_all(journey, phase, results[phase])
    record_committed_attempts(journey, phase, results[phase])
    if phase is PhaseName.PREVALIDATION and not stopped_by:
        stopped_by = _find_refusal(journey, results[phase])
    following = None if stopped_by else _next_phase(journey, phase, results)
    tasks = tasks_of(journey, following) if following else ()
    if len(tasks) > journey.limits.tasks:
        stopped_by = f"too_many_rows: {len(tasks)} tasks would be needed. Split the source."
        following, tasks = None, ()
    _report(journey, None if stopped_by else phase, following, results)
    return GateDecision(following, tasks, stopped_by)


def results_until(journey: TaskContext, last: PhaseName) -> Results:
    """The results of all phases up to and with `last`. Of the source only what was read without a gap counts: rows
    behind one have no number."""
    import_, store = journey.import_, journey.stores.results
    passed = PHASES[: PHASES.index(last) + 1]
    results = {phase: store.list_results(import_.import_id, import_.attempt, phase) for phase in passed}
    return results | {PHASES[0]: _without_gap(results[PHASES[0]])}


def record_committed_attempts(journey: TaskContext, phase: PhaseName, results: Sequence[TaskResult]) -> None:
    """From now on readers see what these results' tries wrote, and nothing else."""
    journey.work.write_winners(phase, {one.task: one.token for one in results})
    if phase is PhaseName.PREVALIDATION:
        batches = [one.task * BATCHES_PER_SPAN + n for one in results for n in range(one.batches)]
        journey.work.write_batches(batches)
        before = accumulate(
            results, lambda sum_, one: Origin(sum_.rows + one.entered, sum_.lines + one.lines), initial=BEGINNING
        )
        journey.work.write_shares(_shares(journey, results))
        journey.work.write_origins([*before])


def _shares(journey: TaskContext, spans: Sequence[TaskResult]) -> int:
    keys = sum(one.keys for one in spans)
    return ceil(keys / journey.work.get_manifest().partitions / journey.limits.share_keys) if keys else 1


def row_outcomes_of(journey: TaskContext) -> tuple[RowOutcome, ...]:
    """The rows that have left the road so far, in file order; meant for imports that fit into a request."""
    work = journey.work
    left = (one for batch in work.get_batches() for phase in PHASES for one in work.each_departure(phase, batch))
    return tuple(sorted(left, key=lambda departure: departure.row_number))


def may_clean_up(results: Results) -> bool:
    """Not where a row carries no identity that could be read, as it might name any record; nor where there was no row,
    or none that did not fail: then the source is hardly what it was taken for."""
    read = results.get(PhaseName.PREVALIDATION, ())
    rows = sum(one.entered for one in read)
    return rows > stats_of(results).failed and not any(one.nameless for one in read)


_TOO_MANY_KEYS = (f"more than {REMEMBERED_KEYS} different keys",)


def _find_refusal(journey: TaskContext, spans: Sequence[TaskResult]) -> str | None:
    """Why a source of JSON rows is refused as a whole, by the keys of all its rows; headers are judged before the first
    row is read. One of which no row could be read as an object is not judged: its rows tell what is wrong."""
    parts = [one.fed for one in spans if one.fed is not None]
    fed = {field for part in parts for field in part}
    if not parts or is_fit(journey.import_, journey.resource, fed):
        return None
    keys = journey.work.get_facts().keys
    try:
        check_source(journey.import_, journey.resource, SourceHeaders(_TOO_MANY_KEYS if keys is None else keys, fed))
    except Refused as refusal:
        return str(refusal)
    return None


def _without_gap(results: Sequence[TaskResult]) -> list[TaskResult]:
    """The results of the first spans, up to one that was stopped or is missing."""
    counted: list[TaskResult] = []
    for span, result in enumerate(results):
        if result.task != span or (counted and counted[-1].stopped_by):
            break
        counted.append(result)
    return counted


def _demand_all(journey: TaskContext, phase: PhaseName, results: Sequence[TaskResult]) -> None:
    missing = set(tasks_of(journey, phase)) - {one.task for one in results}
    if missing:
        raise Fatal(f"{phase}: {len(missing)} tasks left no result, first of them {min(missing)}")


def _next_phase(journey: TaskContext, phase: PhaseName, results: Results) -> PhaseName | None:
    if phase is PHASES[-1]:
        return None
    following = PHASES[PHASES.index(phase) + 1]
    if following is PhaseName.CLEANUP:
        if not journey.work.get_manifest().shards:
            return None
        mentioning = [one.task for one in results[PhaseName.TRANSFORMING] if one.mentioned]
        journey.work.write_sweep(Sweep(counts_only=not may_clean_up(results), mentioning=mentioning))
    return following


def _report(journey: TaskContext, done: PhaseName | None, following: PhaseName | None, results: Results) -> None:
    """Where a phase ended and the next began, for whoever watches; `done` is None where it was broken off. A gate that
    is passed once more knows no more than was told then, and less than later gates and tasks have told since."""
    import_ = journey.import_
    stored = journey.stores.imports.find(import_.tenant_id, import_.import_id) or import_
    if any(phase.name is done and phase.status is PhaseStatus.COMPLETED for phase in stored.phases):
        return
    now = int(journey.now())
    turned = [_turn(phase, done, following, now) for phase in stored.phases]
    journey.stores.imports.report(
        replace(stored, phases=phases_of(turned, results), stats=stats_of(results), updated_at=now)
    )


def _turn(phase: PhaseProgress, done: PhaseName | None, following: PhaseName | None, now: int) -> PhaseProgress:
    """A gate that is passed once more leaves phases that have ended as they are."""
    if phase.status is PhaseStatus.COMPLETED:
        return phase
    if phase.name is done:
        return replace(phase, status=PhaseStatus.COMPLETED, started_at=phase.started_at or now, ended_at=now)
    if phase.name is following:
        return replace(phase, status=PhaseStatus.PROCESSING, started_at=now)
    return phase
