"""Processing of one batch: drafts → records, slice by slice, until every row of the slice has its outcome.

Between slices the task looks whether the import was canceled or ran out of time. A row whose record changed under its
hands is decided again on what is stored now.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import chain, islice
from operator import attrgetter

from chalicelib.errors import Retryable
from chalicelib.imports.phases.processing import ImportRules, conclude, is_meant, process
from chalicelib.imports.task_context import SLICE_ROWS, TaskContext
from chalicelib.imports.task_counters import with_departures
from chalicelib.imports.tasks.lookups import live_links
from chalicelib.imports.tasks.matching import fields_written_by
from chalicelib.imports.tasks.recovery import begun, ensure_no_live_attempt, proven
from chalicelib.imports.tasks.rematch import match_again, mean_what_they_wrote
from chalicelib.model.identity_keys import ID_PREFIX
from chalicelib.model.ids import RecordId
from chalicelib.model.phases import PhaseName
from chalicelib.model.records import Record, Write
from chalicelib.model.rows import Draft, RowOutcome
from chalicelib.model.task_results import TaskResult

PHASE = PhaseName.PROCESSING
ROUNDS = 8
"""So often a row may lose a race before the task gives up and is tried again as a whole."""


def process_batch(context: TaskContext, batch: int) -> TaskResult:
    is_first_try = not context.workspace.find_begun(PHASE, batch)
    with begun(context, PHASE, batch):
        return _process_slices(context, batch, is_first_try=is_first_try)


def _process_slices(context: TaskContext, batch: int, *, is_first_try: bool) -> TaskResult:
    result = TaskResult(phase=PHASE, task=batch, token=context.workspace.token)
    departures: list[RowOutcome] = []
    bare = context.workspace.each_draft(PhaseName.VALIDATION, batch)
    rest = context.workspace.each_with_fields(fields_written_by(context.resource), batch, bare)
    meanings = {} if is_first_try else context.workspace.find_meanings(batch)
    while drafts := list(islice(rest, SLICE_ROWS)):
        if stop := context.find_stop():
            ensure_no_live_attempt(context, PHASE, batch)
            departures.extend(proven(context, batch, chain(drafts, rest)))
            result = replace(result, stopped_by=stop)
            break
        mean_what_they_wrote(context, drafts, meanings)
        departures.extend(_process_slice(context, batch, drafts, is_first_try=is_first_try))
        context.report_progress(PHASE, len(departures))
    departures.sort(key=attrgetter("row_number"))
    context.workspace.write_departures(PHASE, batch, departures)
    return with_departures(replace(result, entered=len(departures)), departures)


def _process_slice(context: TaskContext, batch: int, drafts: list[Draft], *, is_first_try: bool) -> list[RowOutcome]:
    departures: list[RowOutcome] = []
    for number in range(ROUNDS):
        is_new = number == 0 and is_first_try
        done, contested = _process_once(context, drafts, [one for one in drafts if not is_new or _may_be_there(one)])
        departures.extend(done)
        if not contested:
            return departures
        drafts, ambiguous = match_again(context, batch, contested)
        departures.extend(ambiguous)
    raise Retryable(f"{len(drafts)} records kept changing while rows were written to them")


def _may_be_there(draft: Draft) -> bool:
    """Whether to look for its record. One under an id that the import has made is there only if it has been written
    before; the condition on the write tells that too, and most imports mostly create."""
    return draft.is_match or draft.identity_keys[:1] == [f"{ID_PREFIX}{draft.record_id}"]


def _process_once(
    context: TaskContext, drafts: list[Draft], looked_for: Iterable[Draft]
) -> tuple[list[RowOutcome], list[Draft]]:
    """The rows that are done, and those whose record changed meanwhile, or was not looked for and is there."""
    tenant_id, resource = context.import_.tenant_id, context.import_.resource
    records, rules = context.stores.records, _rules(context)
    stored = records.get_many(tenant_id, resource, [draft.record_id for draft in looked_for if draft.record_id])
    drafts, contested = _with_strays_apart(drafts, stored, rules)
    decided = process(drafts, stored, rules, live_links(context, drafts, stored))
    writing = [(draft, what) for draft, what in decided if isinstance(what, Write)]
    written = records.write_many(tenant_id, resource, [what for _, what in writing], now_ms=int(context.now() * 1000))
    done = [what for _, what in decided if isinstance(what, RowOutcome)]
    for (draft, write), answer in zip(writing, written, strict=True):
        departure = conclude(draft, write, answer)
        if departure:
            done.append(departure)
        else:
            contested.append(draft)
    return done, contested


def _with_strays_apart(
    drafts: list[Draft], stored: Mapping[RecordId, Record], rules: ImportRules
) -> tuple[list[Draft], list[Draft]]:
    """The drafts that still mean the record they matched, and those that have to look for theirs again."""
    meant: list[Draft] = []
    strays: list[Draft] = []
    for draft in drafts:
        record = stored.get(draft.record_id) if draft.record_id else None
        if draft.is_match and not is_meant(draft, record, rules):
            draft.is_match = False
            strays.append(draft)
        else:
            meant.append(draft)
    return meant, strays


def _rules(context: TaskContext) -> ImportRules:
    import_ = context.import_
    return ImportRules(
        import_id=import_.import_id,
        resource=context.resource,
        action=import_.action,
        strategy=import_.rules.strategy,
        record_bytes=context.limits.record_bytes,
    )
