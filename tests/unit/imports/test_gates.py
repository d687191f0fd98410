"""Gates: what callers see behind each, what is asked of a source when it is read, and what a gate does that is passed
late or twice.
"""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.errors import Retryable
from chalicelib.imports.events import Event, GateEvent
from chalicelib.imports.pipeline import run_phases
from chalicelib.model.guard_rails import GuardRails, Tolerance
from chalicelib.model.imports import Import, PhaseStatus, Status
from chalicelib.model.limits import Limits
from chalicelib.model.phases import REQUEST_PHASES, PhaseName
from chalicelib.model.reading_budget import Allowance, ReadingBudget
from chalicelib.model.status_changes import ImportChange
from chalicelib.stores.memory import MemoryImports
from tests.import_world import TENANT, Clock, ImportWorld, run_phase
from tests.task_contexts import started_context

IN_BATCHES = Limits(small_source_bytes=0, batch_rows=2, sub_partition_keys=2)
PEOPLE = "name,email\n" + "".join(f"Person {n},person{n}@example.com\n" for n in range(4))
GUARDED = GuardRails(max_failed=Tolerance(count=1))


class ReportedImports(MemoryImports):
    """Imports that tell what was reported of them: how many phases are done, and which one runs with how many tasks."""

    def __init__(self, clock: Clock) -> None:
        super().__init__(clock=clock)
        self.reports: list[tuple[int, str, int]] = []

    def report(self, import_: Import) -> bool:
        done = sum(one.status is PhaseStatus.COMPLETED for one in import_.phases)
        running = [one for one in import_.phases if one.status is PhaseStatus.PROCESSING]
        self.reports += [(done, one.name.value, one.tasks) for one in running]
        return super().report(import_)


def reported_world(limits: Limits = IN_BATCHES) -> tuple[ImportWorld, ReportedImports]:
    world = ImportWorld(limits=limits)
    imports = ReportedImports(world.clock)
    world.stores = replace(world.stores, imports=imports)
    world.machine = replace(world.machine, stores=world.stores)
    return world, imports


EARLY = [(1, "preparsing", 2), (2, "transforming", 2), (3, "parsing", 2), (4, "validation", 2), (5, "processing", 2)]


@pytest.mark.parametrize(
    ("options", "late"),
    [
        pytest.param({}, [], id="plain"),
        pytest.param({"action": "overwrite"}, [(6, "cleanup", 32)], id="an overwrite cleans up"),
        pytest.param({"guard_rails": GUARDED}, [], id="what is rehearsed before is the beginning of processing"),
        pytest.param({"is_preview": True}, [], id="what a preview rehearses is processing"),
        pytest.param({"is_preview": True, "action": "overwrite"}, [(6, "cleanup", 32)], id="a preview of an overwrite"),
    ],
)
def test_callers_see_one_phase_after_the_other(options: dict[str, Any], late: list[tuple[int, str, int]]) -> None:
    world, imports = reported_world()

    done = world.run(PEOPLE, **options)

    assert done.status is Status.COMPLETED
    assert imports.reports == [*EARLY, *late]


def gated(world: ImportWorld, content: str = PEOPLE) -> tuple[Event, Import]:
    """An import whose first phase has been closed."""
    import_ = world.queue(content)
    event = Event(tenant_id=TENANT, import_id=import_.import_id, attempt=1)
    run_phase(world.machine, world.machine.plan(event), PhaseName.PREVALIDATION)
    return event, world.get(import_)


def test_a_gate_that_is_passed_once_more_decides_the_same_and_reports_nothing() -> None:
    world, imports = reported_world()
    event, before = gated(world)
    gate = GateEvent(**event.model_dump(), phase=PhaseName.PREVALIDATION)
    reports = [*imports.reports]
    world.clock.now_s += 60

    step = world.machine.close_phase(gate)

    assert (step.route, step.tasks) == ("preparsing", (0, 1))
    assert (imports.reports, world.get(before)) == (reports, before)


def test_a_gate_of_an_import_that_has_ended_changes_nothing() -> None:
    world, imports = reported_world()
    event, import_ = gated(world)
    world.stores.imports.change(TENANT, import_.import_id, ImportChange(to=Status.FAILED, at=1, ended_at=1))
    reports = [*imports.reports]

    step = world.machine.close_phase(GateEvent(**event.model_dump(), phase=PhaseName.PREVALIDATION))

    assert (step.route, step.stopped_by and step.stopped_by.code.value) == ("finish", "superseded")
    assert imports.reports == reports


@pytest.mark.parametrize(("tasks", "route"), [(2, "preparsing"), (1, "finish")])
def test_a_phase_may_have_so_many_tasks(tasks: int, route: str) -> None:
    world = ImportWorld(limits=replace(IN_BATCHES, tasks=tasks))
    import_ = world.queue(PEOPLE)
    event = Event(tenant_id=TENANT, import_id=import_.import_id, attempt=1)

    step = run_phase(world.machine, world.machine.plan(event), PhaseName.PREVALIDATION)

    assert step.route == route
    assert world.get(import_).phases[0].status is (
        PhaseStatus.COMPLETED if route == "preparsing" else PhaseStatus.PROCESSING
    )


def test_rows_without_any_identity_are_looked_through_by_one_task() -> None:
    world = ImportWorld(limits=IN_BATCHES)

    done = world.run("name,notes\nAnn,x\nBob,y\n")

    assert (done.status, done.stats.created) == (Status.COMPLETED, 2)
    assert len(world.stores.results.list_results(done.import_id, 1, PhaseName.PREPARSING)) == 1


@pytest.mark.parametrize("limits", [Limits(), IN_BATCHES], ids=["in one task", "in batches"])
@pytest.mark.parametrize(
    ("source", "action", "code"),
    [
        pytest.param('{"colour":"red"}\n{"size":"XL"}\n', "merge", "no_known_header", id="no key feeds a field"),
        pytest.param('{"name":"Ann"}\n{"notes":"x"}\n', "update", "no_identity_column", id="no key feeds an identity"),
        pytest.param('{"name":"Ann"}\n{"email":"a@x.com"}\n', "update", None, id="one key does"),
        pytest.param('{"name":"Ann"}\n{"colour":"red"}\n', "merge", None, id="one key feeds a field"),
        pytest.param('["Ann", "Bob"]', "update", None, id="no row is an object"),
    ],
)
def test_keys_of_all_rows_together_are_judged_as_headers_are(
    limits: Limits, source: str, action: str, code: str | None
) -> None:
    done = ImportWorld(limits=limits).run(source, action=action)

    assert (done.reason and done.reason.partition(":")[0]) == code
    assert done.status is (Status.FAILED if code else Status.COMPLETED)


@pytest.mark.parametrize("late_after", [PhaseName.PREVALIDATION, PhaseName.PREPARSING])
def test_the_time_of_a_request_counts_as_far_as_its_caller_waits(late_after: PhaseName) -> None:
    """From transforming on, the state machine goes on without the request."""
    world = ImportWorld()
    import_ = world.queue(PEOPLE)
    context = started_context(world, import_)
    budget = ReadingBudget(
        Allowance(cpu_s=9, time_s=1, rows=9),
        advice="",
        processor_time=float,
        clock=lambda: float(bool(world.stores.results.list_results(import_.import_id, 1, late_after))),
    )

    if late_after is REQUEST_PHASES[-1]:
        assert run_phases(replace(context, budget=budget)).phase is None
    else:
        with pytest.raises(Retryable):
            run_phases(replace(context, budget=budget))
