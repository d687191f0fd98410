"""The functions behind the state machine's states, one method each: an event in, a small answer out.

What a retry can mend leaves as `Retryable`, and the machine retries it. Everything else is an answer: a `Step` says
where to go, and `stopped_by` why the import ends.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace

from chalicelib.access.context import InlineRun
from chalicelib.errors import Conflict, Fatal, NotFound, Retryable
from chalicelib.imports.concurrency import import_queue
from chalicelib.imports.describe_source import describe_source
from chalicelib.imports.events import (
    Event,
    FinishEvent,
    FinishStep,
    GateEvent,
    ImportRoute,
    KilledTaskEvent,
    SectionEvent,
    SectionStep,
    Step,
    TaskEvent,
    TaskStep,
)
from chalicelib.imports.finalize import finalize
from chalicelib.imports.garbage_collection import seldom_collected
from chalicelib.imports.import_state import AlreadyStored, HeldState, find_stored
from chalicelib.imports.inside_function import ending_context, hold_work, may_be_held, run_all_phases
from chalicelib.imports.inside_request import RequestRun, inline_result
from chalicelib.imports.pipeline import close_phase, run_task, stop_task, tasks_of
from chalicelib.imports.plan import IN_ONE_FUNCTION, plan, route_of, route_of_upload
from chalicelib.imports.reconcile_dead_tasks import TasksStillAtWork
from chalicelib.imports.rehearsed_records import rehearsing
from chalicelib.imports.result_files import OpenSections, write_section
from chalicelib.imports.task_context import TaskContext
from chalicelib.imports.tasks.hand_over import HandedOver
from chalicelib.imports.tasks.recovery import stop_tasks
from chalicelib.imports.workspace import Workspace, read_work
from chalicelib.lifecycle.task_route import TaskRoute
from chalicelib.log_keys import add_log_keys
from chalicelib.model.catalogue import RESOURCES
from chalicelib.model.children import SourceKind, source_kind_of
from chalicelib.model.ids import ImportId, TenantId
from chalicelib.model.imports import Import, PhaseProgress, PhaseStatus, Status
from chalicelib.model.limits import Limits
from chalicelib.model.phases import FIRST_PHASE, REQUEST_PHASES
from chalicelib.model.status_changes import ImportChange
from chalicelib.model.stop_reasons import (
    CANCELED,
    COMPLETED,
    SUPERSEDED,
    EndReason,
    StopCode,
    StopReason,
    end_of_canceling,
    end_reason_of,
)
from chalicelib.model.task_results import InlineResult
from chalicelib.model.time_left import TimeLeft, endless
from chalicelib.stores.interfaces import Stores

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportMachine:
    """Does what the state machine's functions and requests ask of it, over stores that are passed in."""

    stores: Stores
    limits: Limits
    now: Callable[[], float]
    """Epoch seconds."""
    new_attempt_id: Callable[[], str]
    """Names one attempt of one task; never the same twice."""
    time_left_s: TimeLeft = endless
    """Seconds until the function is killed that serves the machine."""

    def plan(self, event: Event) -> Step:
        """Moves a queued import to processing, divides it into tasks and chooses its route; a retry finds it processing
        already.
        """
        import_ = self._start(event, time_s=self.limits.import_time_s)
        if isinstance(import_, StopReason):
            return self._step(event, ImportRoute.FINISH, stopped_by=import_)
        context = self._context(import_)
        try:
            if may_be_held(import_, self.limits) and (route := route_of_upload(context)) in IN_ONE_FUNCTION:
                return self._step(event, route)
            route = route_of(context, plan(context))
            return self._step(event, route, tasks=tasks_of(context, FIRST_PHASE))
        except NotFound:
            is_upload = source_kind_of(import_) is SourceKind.UPLOAD
            gone = "the uploaded file is gone" if is_upload else "the rows of the import are no longer kept"
            return self._step(event, ImportRoute.FINISH, stopped_by=StopReason(StopCode.SOURCE_MISSING, gone))

    def run_phases(self, event: Event) -> Step:
        """Runs all phases in this process, or goes on with them, and ends a small import. Tasks that have a result are
        not run again.
        """
        try:
            run = run_all_phases(self._context_of(event), self._complete)
        except HandedOver as reason:
            logger.info("import %s goes on in another function, %s", event.import_id, reason)
            return self._step(event, ImportRoute.CONTINUE)
        return self._step(event, ImportRoute.DONE if run.is_ended else ImportRoute.FINISH, stopped_by=run.stopped_by)

    def run_task(self, event: TaskEvent) -> TaskStep:
        """Runs one task of one phase, or goes on with it, unless it has a result."""
        route = TaskRoute.DONE
        try:
            run_task(self._context_of(event), event.phase, event.task)
        except HandedOver as reason:
            logger.info("import %s goes on in another function, %s", event.import_id, reason)
            route = TaskRoute.CONTINUE
        return TaskStep(**event.model_dump(), route=route)

    def stop_task(self, event: KilledTaskEvent) -> None:
        """Stops the import, so that its other tasks do no more, and puts what the killed task has written as its
        result."""
        context = self._context_of(event)
        self._stop_tasks(context.import_, event.reason)
        stop_task(context, event.phase, event.task, event.reason)

    def close_phase(self, event: GateEvent) -> Step:
        """Counts a phase, and answers with the next one and its tasks, or with the end."""
        decision = close_phase(self._context_of(event), event.phase)
        if decision.phase is None:
            return self._step(event, ImportRoute.FINISH, stopped_by=decision.stopped_by)
        return self._step(event, decision.phase, tasks=decision.tasks)

    def finish(self, event: FinishEvent) -> FinishStep:
        """Ends the import, or says which sections of a large one have to be written before. One that is gone, has ended
        or was started anew stays as it is, and one whose tasks may still be writing is left to the reaper, which comes
        when they can no longer live.
        """
        done = FinishStep(**event.model_dump(), route=ImportRoute.DONE)
        import_ = self.stores.imports.find(event.tenant_id, event.import_id)
        if import_ is None or import_.attempt != event.attempt or event.stopped_by == SUPERSEDED:
            return done
        if event.may_leave_tasks:
            import_ = self._stop_tasks(import_, event.reason)
        is_canceling = import_.status is Status.CANCELING
        reason = end_of_canceling(import_) if is_canceling else end_reason_of(event.reason)
        try:
            ended = self._end(import_, reason)
        except TasksStillAtWork as at_work:
            if not (is_canceling and import_.reason):
                raise
            logger.warning("import %s is left to the reaper: %s", import_.import_id, at_work)
            return done
        if isinstance(ended, OpenSections):
            return done.model_copy(update={"route": ImportRoute.WRITE_RESULTS, "tasks": ended.sections})
        if event.is_from_outside and not event.is_dead:  # a machine that is stopped before would be taken for dead
            self.stores.import_executions.stop(import_, cause=reason.text or reason.status)
        return done

    def write_results(self, event: SectionEvent) -> SectionStep:
        """Writes what became of the rows of some batches, unless the import is gone, has ended or was started anew."""
        import_ = self.stores.imports.find(event.tenant_id, event.import_id)
        if import_ is not None and import_.attempt == event.attempt and not import_.is_final:
            with seldom_collected():
                write_section(self._context(import_), event.task)
        return SectionStep(**event.model_dump(), route=TaskRoute.DONE)

    def describe_source(self, event: Event) -> None:
        """Writes down what the source of an import looks like, as its options have it read; nothing for one that is
        gone.
        """
        import_ = self.stores.imports.find(event.tenant_id, event.import_id)
        if import_ is not None:
            describe_source(self.stores.files, import_, self.limits)

    def end(self, import_: Import, reason: EndReason) -> Import | None:
        """Gives the import its final status, and its slot to the next; returns None if it has ended before. Raises
        Retryable where it is so large that its machine must end it.
        """
        ended = self._end(import_, reason)
        if isinstance(ended, OpenSections):
            raise Retryable(f"the results of import {import_.import_id} are still to be written")
        return ended

    def _complete(self, context: TaskContext) -> bool:
        return not isinstance(self._finalize(context, COMPLETED), OpenSections)

    def _end(self, import_: Import, reason: EndReason) -> Import | OpenSections | None:
        return self._finalize(ending_context(self._context(import_)), reason)

    def _finalize(self, context: TaskContext, reason: EndReason) -> Import | OpenSections | None:
        ended = finalize(context, reason)
        queue = import_queue(self.stores, self.limits, self.now)
        if ended is None:
            queue.release(context.import_)
        elif not isinstance(ended, OpenSections):
            queue.release_ended(ended)
        return ended

    def run_first_phases(self, import_: Import, inline: InlineRun) -> Import:
        """Runs the first phases of an import inside the request that brought its source; then stores the import, which
        is processing, and its source. Returns it, or the one that an earlier request has stored.

        Raises Conflict where that one was deleted, and Refused where the source is refused as a whole; the import has
        failed then.
        """
        try:
            entered = self._request_run(import_, inline, is_watched=True).run_first(REQUEST_PHASES[-1])
        except AlreadyStored:
            entered = find_stored(self.stores.imports, import_)
        if entered.source and not entered.is_final:
            source = entered.source
            self.stores.files.write_file(source.key, inline.content, content_type=source.content_type)
        return entered

    def run_all_phases(self, import_: Import, inline: InlineRun) -> InlineResult:
        """Runs an import to its end inside the request that brought its rows, and returns it with the outcome of every
        row that has one: where its time was over, some have none. Where an earlier request has stored it, this one goes
        on with it, and gives its answer again if it has ended.

        Raises Refused as `run_first_phases`, and Conflict where it was canceled or deleted.
        """
        if import_.is_final:
            return inline_result(self._context(import_))
        try:
            return self._request_run(import_, inline).run_all()
        except AlreadyStored:
            return self._run_on(find_stored(self.stores.imports, import_), inline)

    def _run_on(self, stored: Import, inline: InlineRun) -> InlineResult:
        if stored.is_final:
            return inline_result(self._context(stored))
        event = Event(tenant_id=stored.tenant_id, import_id=stored.import_id, attempt=stored.attempt)
        started = self._start(event)
        if isinstance(started, StopReason):
            raise Conflict("already_ended", f"The import was {started.text}.")
        return self._request_run(started, inline, is_stored=True).run_all()

    def _request_run(
        self, import_: Import, inline: InlineRun, *, is_stored: bool = False, is_watched: bool = False
    ) -> RequestRun:
        context = self._context(import_)
        begun = replace(import_, work=None, work_key="") if is_stored else _begun(import_, self.now())
        state = HeldState(
            imports=self.stores.imports,
            files=self.stores.files,
            now=self.now,
            begin_work=inline.begin_work,
            item_bytes=self.limits.kept_work_item_bytes,
            import_=begun,
            work=read_work(self.stores.files, import_),
            attempt_id=context.workspace.attempt_id,
            is_stored=is_stored,
            is_watched=is_watched,
        )
        held = hold_work(context, state)
        inside = replace(held, budget=inline.budget, can_hand_over=False, source_in_request=inline.content)
        return RequestRun(inside, state)

    def _stop_tasks(self, import_: Import, reason: StopReason | None) -> Import:
        """Tasks run on though another was killed, or their execution is dead."""
        return stop_tasks(self.stores.imports, import_, reason, int(self.now())) or self._get(import_)

    def _start(self, event: Event, *, time_s: int | None = None) -> Import | StopReason:
        """The import, processing; or why it cannot be. `time_s` is how long it may take, None for what was said."""
        now = int(self.now())
        stored = self._get(event)
        change = ImportChange(
            to=Status.PROCESSING,
            at=now,
            attempt=event.attempt,
            started_at=now,
            began_ms=stored.began_ms or int(self.now() * 1000),
            deadline_at=now + time_s if time_s else None,
            phases=_begun_phases(stored, now),
        )
        imports = self.stores.imports
        started = imports.change_known(stored, change) or imports.change(event.tenant_id, event.import_id, change)
        if started:
            return started
        stored = self._get(event)  # read anew: a double, or a lost answer, may have made this very change
        if stored.status is Status.PROCESSING and stored.attempt == event.attempt:
            return stored
        return CANCELED if stored.status is Status.CANCELING else SUPERSEDED

    def _get(self, named: Event | Import) -> Import:
        import_ = self.stores.imports.find(named.tenant_id, named.import_id)
        if import_ is None:
            raise Fatal(f"there is no import {named.import_id}")
        return import_

    def _context_of(self, event: Event) -> TaskContext:
        """Of the attempt that the event means, though a newer one may have taken over: then its tasks stop at once."""
        return self._context(replace(self._get(event), attempt=event.attempt))

    def _context(self, import_: Import) -> TaskContext:
        add_log_keys({"tenant_id": import_.tenant_id, "import_id": import_.import_id})
        workspace = Workspace(self.stores.files, import_, attempt_id=self.new_attempt_id())
        stores = replace(self.stores, results=workspace.kept.results_over(self.stores.results))
        return TaskContext(
            import_=import_,
            resource=RESOURCES[import_.resource],
            stores=rehearsing(stores) if import_.is_preview else stores,
            workspace=workspace,
            limits=self.limits,
            now=self.now,
            time_left_s=self.time_left_s,
            can_hand_over=True,
        )

    @staticmethod
    def _step(
        event: Event,
        route: str,
        *,
        tasks: tuple[int, ...] = (),
        stopped_by: StopReason | None = None,
    ) -> Step:
        return Step(
            tenant_id=TenantId(event.tenant_id),
            import_id=ImportId(event.import_id),
            attempt=event.attempt,
            route=route,
            tasks=tasks,
            stopped_by=stopped_by,
        )


def _begun(import_: Import, now: float) -> Import:
    """An import as it is once its request has begun with it."""
    return replace(
        import_,
        status=Status.PROCESSING,
        updated_at=int(now),
        started_at=int(now),
        began_ms=int(now * 1000),
        phases=_begun_phases(import_, int(now)),
    )


def _begun_phases(import_: Import, now: int) -> tuple[PhaseProgress, ...]:
    return tuple(_started(phase, now) if phase.name is FIRST_PHASE else phase for phase in import_.phases)


def _started(phase: PhaseProgress, now: int) -> PhaseProgress:
    return replace(phase, status=PhaseStatus.PROCESSING, started_at=now)
