"""What `Schedules` promises: every write replaces the one before it, runs are put once, nothing due is forgotten."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier
from typing import Any
from uuid import uuid4

from chalicelib.formats.registry import Format
from chalicelib.model.exports import ExportSelection
from chalicelib.model.filters import Condition, Group, LogicalOperator, Operator
from chalicelib.model.ids import ScheduleId, TenantId
from chalicelib.model.schedules import DeliveredFile, ExportTemplate, RunStatus, Schedule, ScheduleRun
from chalicelib.model.write_options import Rendering
from chalicelib.stores.aws import stores_over
from chalicelib.stores.dynamodb.attributes import ItemValues
from chalicelib.stores.dynamodb.client import DynamoDBClient
from chalicelib.stores.dynamodb.control_table import ControlTable
from chalicelib.stores.dynamodb.due_index import DueEntry, DueIndex, DueKind
from chalicelib.stores.dynamodb.schedules import DynamoDBSchedules
from chalicelib.stores.interfaces import Counted, Stores
from tests.contract.stores.conftest import Aws, clock

CALLERS = 8
TEMPLATE = ExportTemplate(
    dialect="packagex",
    resource="contacts",
    name="März",
    selection=ExportSelection(
        filter=Group(LogicalOperator.AND, (Condition("status", Operator.IN, ["a", 1, None]),)), fields=("id", "name")
    ),
    renderings=(Rendering(delimiter=";"), Rendering(format=Format.JSON, is_gzipped=True)),
    options={"limit": "all"},
)
FILE = DeliveredFile(format="csv", key="deliveries/a", rows=2, size_bytes=9, sha256="ab")


def a_schedule(tenant: TenantId, **given: Any) -> Schedule:
    made: dict[str, Any] = {
        "schedule_id": ScheduleId(f"sch_{uuid4().hex[:26]}"),
        "tenant_id": tenant,
        "expression": "rate(1 hour)",
        "time_zone": "UTC",
        "template": TEMPLATE,
        "next_due_at": 100,
    }
    return Schedule(**(made | given))


def a_run(schedule: Schedule, due_at: int = 100, **given: Any) -> ScheduleRun:
    made: dict[str, Any] = {
        "schedule_id": schedule.schedule_id,
        "tenant_id": schedule.tenant_id,
        "due_at": due_at,
        "template": TEMPLATE,
        "forgotten_at": 5_000_000_000,
    }
    return ScheduleRun(**(made | given))


def fire(stores: Stores, schedule: Schedule, run: ScheduleRun, next_due_at: int | None) -> Schedule:
    fired = replace(schedule, last_run=run, next_due_at=next_due_at, revision=schedule.revision + 1)
    assert stores.schedules.replace(fired)
    return fired


def due(stores: Stores, tenant: TenantId, now: int) -> list[Schedule]:
    """Each once, though it may be told for several reasons."""
    found = {one.schedule_id: one for one in stores.schedules.each_due(now) if one.tenant_id == tenant}
    return list(found.values())


def open_runs(stores: Stores, tenant: TenantId, now: int = 10_000) -> list[int]:
    return [run.due_at for run in stores.schedules.each_open_run(now) if run.tenant_id == tenant]


def test_a_schedule_is_found_as_it_was_added(stores: Stores, tenant: TenantId) -> None:
    first = a_schedule(tenant)
    schedule = replace(first, asked={"resource": "contact"}, is_incremental=True, last_run=a_run(first, since_ms=7))

    outcome = stores.schedules.add(schedule, limit=9)

    assert outcome is Counted.DONE
    assert stores.schedules.find(tenant, schedule.schedule_id) == schedule


def test_an_id_is_added_once(stores: Stores, tenant: TenantId) -> None:
    schedule = a_schedule(tenant)
    stores.schedules.add(schedule, limit=9)

    again = stores.schedules.add(replace(schedule, name="second"), limit=9)

    assert again is Counted.REFUSED
    assert stores.schedules.find(tenant, schedule.schedule_id) == schedule


def test_another_tenant_finds_nothing(stores: Stores, tenant: TenantId) -> None:
    schedule = a_schedule(tenant)
    stores.schedules.add(schedule, limit=9)
    stores.schedules.put_run(a_run(schedule))
    stranger = TenantId(str(uuid4()))

    stores.schedules.delete(stranger, schedule.schedule_id)

    assert stores.schedules.find(stranger, schedule.schedule_id) is None
    assert stores.schedules.list_page(stranger, page=1, per_page=9).total == 0
    assert stores.schedules.list_runs(stranger, schedule.schedule_id, page=1, per_page=9).total == 0
    assert stores.schedules.find_run(stranger, schedule.schedule_id, 100) is None
    assert stores.schedules.find(tenant, schedule.schedule_id) == schedule


def test_pages_are_listed_newest_first_with_the_total(stores: Stores, tenant: TenantId) -> None:
    for at in (10, 30, 20):
        stores.schedules.add(a_schedule(tenant, created_at=at), limit=9)

    pages = [stores.schedules.list_page(tenant, page=page, per_page=2) for page in (1, 2)]

    assert [[one.created_at for one in page.entries] for page in pages] == [[30, 20], [10]]
    assert [page.total for page in pages] == [3, 3]


def test_a_write_replaces_the_one_before_it_and_no_other(stores: Stores, tenant: TenantId) -> None:
    schedule = a_schedule(tenant)
    stores.schedules.add(schedule, limit=9)

    second = replace(schedule, name="second", revision=2)
    answers = [stores.schedules.replace(one) for one in (second, replace(second, name="late"))]

    assert answers == [True, False]
    assert stores.schedules.find(tenant, schedule.schedule_id) == second


def test_a_deleted_schedule_is_not_replaced(stores: Stores, tenant: TenantId) -> None:
    schedule = a_schedule(tenant)
    stores.schedules.add(schedule, limit=9)
    stores.schedules.delete(tenant, schedule.schedule_id)

    assert not stores.schedules.replace(replace(schedule, revision=2))
    assert stores.schedules.find(tenant, schedule.schedule_id) is None
    assert stores.schedules.list_page(tenant, page=1, per_page=9).total == 0


def test_a_schedule_is_due_from_its_next_due_time_on(stores: Stores, tenant: TenantId) -> None:
    schedule = a_schedule(tenant)
    stores.schedules.add(schedule, limit=9)

    assert (due(stores, tenant, 99), due(stores, tenant, 100)) == ([], [schedule])


def test_a_fired_schedule_is_due_until_its_run_is_put(stores: Stores, tenant: TenantId) -> None:
    schedule = a_schedule(tenant)
    stores.schedules.add(schedule, limit=9)
    fired = fire(stores, schedule, a_run(schedule), 3_700)

    between = due(stores, tenant, 150)
    stores.schedules.put_run(a_run(schedule))

    assert between == [fired]
    assert (due(stores, tenant, 150), due(stores, tenant, 3_700)) == ([], [fired])


def test_a_paused_schedule_is_never_due(stores: Stores, tenant: TenantId) -> None:
    schedule = a_schedule(tenant)
    stores.schedules.add(schedule, limit=9)

    stores.schedules.replace(replace(schedule, next_due_at=None, is_paused=True, revision=2))

    assert due(stores, tenant, 10_000) == []


def test_a_run_is_put_once(stores: Stores, tenant: TenantId) -> None:
    schedule = a_schedule(tenant)
    run = a_run(schedule, since_ms=5, destination="reports")

    first = stores.schedules.put_run(run)
    second = stores.schedules.put_run(replace(run, since_ms=9))

    assert first == second == run == stores.schedules.find_run(tenant, schedule.schedule_id, 100)


def test_of_many_runs_of_one_due_time_one_is_put(racing: Stores, tenant: TenantId) -> None:
    run = a_run(a_schedule(tenant))
    together = Barrier(CALLERS)

    def put(number: int) -> ScheduleRun:
        together.wait()
        return racing.schedules.put_run(replace(run, since_ms=number))

    with ThreadPoolExecutor(CALLERS) as threads:
        answers = list(threads.map(put, range(CALLERS)))

    assert answers == [racing.schedules.find_run(tenant, run.schedule_id, run.due_at)] * CALLERS


def test_a_run_that_is_put_while_another_looks_for_it_stands(aws: Aws, tenant: TenantId) -> None:
    """Both have seen that there is none."""
    first = a_run(a_schedule(tenant), since_ms=1)
    table = control(aws)

    class OvertakenTable(ControlTable):
        is_first = True

        def find(self, pk: str, sk: str = "-", *, even_expired: bool = False) -> ItemValues | None:
            found = super().find(pk, sk, even_expired=even_expired)
            if self.is_first:
                self.is_first = False
                DynamoDBSchedules(table).put_run(first)
            return found

    overtaken = OvertakenTable(aws.resources.control_table, DynamoDBClient(aws.transport), clock=clock)

    assert DynamoDBSchedules(overtaken).put_run(replace(first, since_ms=2)) == first
    assert DynamoDBSchedules(table).list_runs(tenant, first.schedule_id, page=1, per_page=9).total == 1


def test_a_run_changes_from_the_status_it_has_only(stores: Stores, tenant: TenantId) -> None:
    run = a_run(a_schedule(tenant))
    stores.schedules.put_run(run)
    completed = replace(run, status=RunStatus.COMPLETED, until_ms=8, rows=2, delivered=(FILE,))

    answers = [
        stores.schedules.change_run(completed, before=RunStatus.STARTED),
        stores.schedules.change_run(run.started(), before=RunStatus.DUE),
        stores.schedules.change_run(completed, before=RunStatus.STARTED),
        stores.schedules.change_run(run.failed("late", 9), before=RunStatus.STARTED),
    ]

    assert answers == [False, True, True, False]
    assert stores.schedules.find_run(tenant, run.schedule_id, 100) == completed


def test_a_run_is_open_until_it_has_ended(stores: Stores, tenant: TenantId) -> None:
    run, other = a_run(a_schedule(tenant)), a_run(a_schedule(tenant), due_at=50)
    for one in (run, other, a_run(a_schedule(tenant), due_at=70, status=RunStatus.MISSED, missed=3)):
        stores.schedules.put_run(one)
    before = open_runs(stores, tenant)

    stores.schedules.change_run(run.started(), before=RunStatus.DUE)
    started = open_runs(stores, tenant)
    stores.schedules.change_run(run.failed("so", 9), before=RunStatus.STARTED)

    assert (before, started, open_runs(stores, tenant)) == ([50, 100], [50, 100], [50])


def test_a_run_whose_schedule_was_deleted_is_still_open(stores: Stores, tenant: TenantId) -> None:
    schedule = a_schedule(tenant)
    stores.schedules.add(schedule, limit=9)
    stores.schedules.put_run(a_run(schedule))

    stores.schedules.delete(tenant, schedule.schedule_id)

    assert open_runs(stores, tenant) == [100]


def test_runs_are_listed_latest_first_with_the_total(stores: Stores, tenant: TenantId) -> None:
    schedule = a_schedule(tenant)
    for due_at in (10, 300, 20):
        stores.schedules.put_run(a_run(schedule, due_at))
    stores.schedules.put_run(a_run(a_schedule(tenant), 40))

    pages = [stores.schedules.list_runs(tenant, schedule.schedule_id, page=page, per_page=2) for page in (1, 2)]

    assert [[run.due_at for run in page.entries] for page in pages] == [[300, 20], [10]]
    assert [page.total for page in pages] == [3, 3]


def control(aws: Aws) -> ControlTable:
    return ControlTable(aws.resources.control_table, DynamoDBClient(aws.transport), clock=clock)


def entries(aws: Aws, kind: DueKind, tenant: TenantId) -> list[int]:
    return [entry.due_at for entry in DueIndex(control(aws), kind).each_before(1_000) if entry.tenant_id == tenant]


def test_due_entries_that_stand_for_nothing_are_removed_once_no_task_can_be_adding_them(
    aws: Aws, tenant: TenantId
) -> None:
    """What crashes leave: an entry whose schedule, or run, was never written."""
    stores = stores_over(aws.session, aws.transport, aws.resources, clock=clock)
    stray = ScheduleId("sch_stray")
    DueIndex(control(aws), DueKind.SCHEDULE).put(DueEntry(100, tenant, stray))
    DueIndex(control(aws), DueKind.OPEN_RUN).put(DueEntry(100, tenant, f"{stray}#100"))

    for now, left in ((200, [100]), (100_000, [])):
        assert (due(stores, tenant, now), open_runs(stores, tenant, now)) == ([], [])
        assert [entries(aws, kind, tenant) for kind in (DueKind.SCHEDULE, DueKind.OPEN_RUN)] == [left, left]


def test_the_entry_of_a_run_that_has_ended_is_removed_at_once(aws: Aws, tenant: TenantId) -> None:
    """What a crash between the end of a run and the removal of its entry leaves."""
    stores = stores_over(aws.session, aws.transport, aws.resources, clock=clock)
    run = a_run(a_schedule(tenant), status=RunStatus.MISSED, missed=3)
    stores.schedules.put_run(run)
    DueIndex(control(aws), DueKind.OPEN_RUN).put(DueEntry(100, tenant, f"{run.schedule_id}#100"))

    assert open_runs(stores, tenant, 200) == []
    assert entries(aws, DueKind.OPEN_RUN, tenant) == []


def test_a_run_that_has_ended_gets_no_entry(aws: Aws, tenant: TenantId) -> None:
    stores = stores_over(aws.session, aws.transport, aws.resources, clock=clock)
    ended = a_run(a_schedule(tenant))
    stores.schedules.put_run(ended)
    stores.schedules.change_run(ended.started(), before=RunStatus.DUE)
    stores.schedules.change_run(ended.failed("so", 9), before=RunStatus.STARTED)

    stores.schedules.put_run(ended)
    stores.schedules.put_run(a_run(a_schedule(tenant), status=RunStatus.MISSED, missed=3))

    assert entries(aws, DueKind.OPEN_RUN, tenant) == []
