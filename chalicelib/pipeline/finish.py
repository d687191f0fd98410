"""The end of every import: all rows accounted for, the files written, the final status set once.

Called by the machine at the end of its road, by the event that an execution died, and by the reaper. Whoever comes
second finds the import final and changes nothing; but whoever died before it had told others is made up for.
"""

from dataclasses import replace

from chalicelib.announcing import tell_of_import
from chalicelib.errors import Fatal, NotFound, Retryable
from chalicelib.journey import CANCELED, Journey
from chalicelib.model.imports import FINAL, Action, Import, Phase, PhaseStatus, Stats, Status, StatusChange
from chalicelib.pipeline.beside import write_beside
from chalicelib.pipeline.files import write_files
from chalicelib.pipeline.settling import settle
from chalicelib.road import PHASES, may_clean_up, record_winners, results_until
from chalicelib.rules.tally import Results, phases_of, problem_counts_of, stats_of
from chalicelib.tasks.collecting import seldom_collected
from chalicelib.work import SourceFacts

CLEANUP_NOT_DONE = "cleanup_not_done: some rows could mean any record, or there are no rows; nothing was deleted"

FINDINGS_SHOWN = 50
"""So many findings an import keeps; a source with more has one fault, not many."""


def finish(journey: Journey, *, to: Status, reason: str | None) -> Import | None:
    """The import as it ended; None where it has ended before or a newer attempt has taken over.

    Raises Fatal, and leaves the status alone, if the rows do not add up; Retryable while tasks may still be at work.
    """
    if journey.import_.is_final:
        _tell(journey, journey.import_)
        return None
    ended = _end(journey, _final_change(journey, to, reason))
    if ended:
        _tell(journey, ended)
    return ended


def _tell(journey: Journey, ended: Import) -> None:
    """The result of a dropped file first: who is told may look for it at once."""
    write_beside(journey.stores.files, ended)
    tell_of_import(journey.stores, ended)


def _final_change(journey: Journey, to: Status, reason: str | None) -> StatusChange:
    results = _account(journey)
    stats = stats_of(results).with_unprocessed_rest()
    if stats.accounted != stats.total or stats.unprocessed < 0:
        raise Fatal(f"{stats.total} rows have {stats.accounted} outcomes")
    facts, now = _find_facts(journey), int(journey.now())
    if facts:
        with seldom_collected():
            _write_files(journey, stats)
    return StatusChange(
        to=to,
        at=now,
        attempt=journey.import_.attempt,
        reason=reason or _remark(journey, results),
        ended_at=now,
        phases=tuple(_closed(one, to, now) for one in phases_of(journey.import_.phases, results)),
        stats=stats,
        findings=facts.findings[:FINDINGS_SHOWN] if facts else None,
        problem_counts=problem_counts_of(results),
        has_upload_file=bool(facts) and journey.import_.save_upload,
        has_errors_file=bool(facts) and bool(stats.failed or stats.skipped),
    )


def _account(journey: Journey) -> Results:
    """Results of all tasks that came to an end, and of those that did not, as far as their rows left traces."""
    for phase, ones in results_until(journey, PHASES[-1]).items():
        record_winners(journey, phase, ones)
    settle(journey)
    results = results_until(journey, PHASES[-1])
    for phase, ones in results.items():
        record_winners(journey, phase, ones)
    return results


def _find_facts(journey: Journey) -> SourceFacts | None:
    """None where the source was never read."""
    try:
        return journey.work.get_facts()
    except NotFound:
        return None


def _write_files(journey: Journey, stats: Stats) -> None:
    if journey.import_.source and not journey.import_.save_upload:
        journey.stores.files.delete_files(journey.import_.source.key)
    write_files(journey, has_upload=journey.import_.save_upload, has_errors=bool(stats.failed or stats.skipped))


def _remark(journey: Journey, results: Results) -> str | None:
    """What a completed import has to say beside its numbers."""
    if journey.import_.action is Action.OVERWRITE and not may_clean_up(results):
        return CLEANUP_NOT_DONE
    return None


def _closed(phase: Phase, to: Status, now: int) -> Phase:
    if phase.status is PhaseStatus.PENDING:
        return replace(phase, status=PhaseStatus.SKIPPED)
    if phase.status is PhaseStatus.PROCESSING:
        return replace(
            phase, status=PhaseStatus.COMPLETED if to is Status.COMPLETED else PhaseStatus.FAILED, ended_at=now
        )
    return phase


def _end(journey: Journey, change: StatusChange) -> Import | None:
    """A cancel, or a death, that came after the last look wins over how the road ended, whose counts it keeps."""
    tenant_id, import_id = journey.import_.tenant_id, journey.import_.import_id
    ended = journey.stores.imports.change(tenant_id, import_id, change)
    if ended:
        return ended
    stored = journey.stores.imports.find(tenant_id, import_id)
    if stored is None or stored.status in FINAL or stored.attempt != journey.import_.attempt:
        return None
    if stored.status is Status.CANCELING and change.to not in (Status.CANCELED, Status.FAILED):
        to, reason = (Status.FAILED, stored.reason) if stored.reason else (Status.CANCELED, CANCELED)
        return _end(journey, replace(change, to=to, reason=reason))
    raise Retryable(f"{stored.status} cannot become {change.to}")
