"""What `JobStore` promises about jobs that are watched, or whose end is tried again, of imports and exports alike."""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.model.ids import TenantId
from chalicelib.model.imports import Status
from chalicelib.model.status_changes import ImportChange
from chalicelib.stores.dynamodb.due_index import DueIndex, DueKind
from chalicelib.stores.interfaces import Stores
from tests.contract.stores.builders import an_import
from tests.contract.stores.conftest import Aws
from tests.contract.stores.test_due_imports import control
from tests.contract.stores.test_jobs import EXPORTS, IMPORTS, LATER, Jobs, on

DUE = {IMPORTS.store: DueKind.IMPORT, EXPORTS.store: DueKind.EXPORT}
NEW_TIME = {IMPORTS.store: "deadline_at", EXPORTS.store: "files_until"}


@pytest.fixture(params=[IMPORTS, EXPORTS], ids=lambda jobs: jobs.store)
def jobs(request: pytest.FixtureRequest) -> Jobs:
    found: Jobs = request.param
    return found


def watched(store: Any, tenant: TenantId, after: str | None = None) -> list[str]:
    return [job_id for owner, job_id in store.each_watched(after=after) if owner == tenant]


def due(store: Any, tenant: TenantId, now: int) -> list[str]:
    return [job_id for owner, job_id in store.each_due(now) if owner == tenant]


def test_watched_jobs_come_in_order_from_a_place_on(jobs: Jobs, stores: Stores, tenant: TenantId) -> None:
    store = jobs.of(stores)
    made = [jobs.add(store, tenant, **{jobs.id_field: f"job_{number}"}) for number in (2, 1, 3)]
    for job in (*made, made[0]):
        store.watch(job)

    assert watched(store, tenant) == ["job_1", "job_2", "job_3"]
    assert watched(store, tenant, after=f"{tenant}#job_1") == ["job_2", "job_3"]
    store.unwatch(tenant, "job_2")
    store.unwatch(tenant, "job_2")
    assert watched(store, tenant) == ["job_1", "job_3"]


def test_a_job_is_watched_until_it_has_ended(jobs: Jobs, stores: Stores, tenant: TenantId) -> None:
    store = jobs.of(stores)
    job = jobs.add(store, tenant)
    store.watch(job)

    jobs.end(store, tenant, job, "failed")

    assert watched(store, tenant) == []


def test_an_import_that_a_function_has_held_is_watched_until_it_has_ended(stores: Stores, tenant: TenantId) -> None:
    import_ = an_import(tenant, status=Status.PROCESSING)
    stores.imports.add(import_, is_watched=True)

    assert stores.imports.change_known(import_, ImportChange(to=Status.COMPLETED, at=6), is_watched=True)

    assert watched(stores.imports, tenant) == []


def test_a_postponed_job_is_due_later_and_knows_how_often_it_was(jobs: Jobs, stores: Stores, tenant: TenantId) -> None:
    store = jobs.of(stores)
    job = jobs.add(store, tenant, deadline_at=100)

    once = store.postpone(job, until=300)
    twice = store.postpone(once, until=500)

    assert [(one.end_tries, one.due_at) for one in (once, twice)] == [(1, 300), (2, 500)]
    assert store.find(tenant, jobs.id_of(job)) == twice
    assert (due(store, tenant, 500), due(store, tenant, 501)) == ([], [jobs.id_of(job)])


def test_of_two_who_postpone_one_does(jobs: Jobs, stores: Stores, tenant: TenantId) -> None:
    store = jobs.of(stores)
    job = jobs.add(store, tenant, deadline_at=100)

    once = store.postpone(job, until=300)

    assert store.postpone(job, until=400) is None
    assert store.find(tenant, jobs.id_of(job)) == once
    assert due(store, tenant, LATER) == [jobs.id_of(job)]


def test_what_has_ended_is_neither_postponed_nor_due(jobs: Jobs, stores: Stores, tenant: TenantId) -> None:
    store = jobs.of(stores)
    job = jobs.add(store, tenant, deadline_at=100)
    postponed = store.postpone(job, until=300)

    jobs.end(store, tenant, postponed, "failed")

    assert store.postpone(postponed, until=500) is None
    assert due(store, tenant, LATER) == []


def test_a_new_time_to_be_due_takes_the_place_of_a_postponement(jobs: Jobs, stores: Stores, tenant: TenantId) -> None:
    store = jobs.of(stores)
    job = jobs.add(store, tenant, deadline_at=100)
    store.postpone(job, until=300)
    to = "canceling" if jobs is IMPORTS else "completed"

    change = jobs.change(to=jobs.status(to), at=200, **{NEW_TIME[jobs.store]: 900})
    changed = store.change(tenant, jobs.id_of(job), change)

    assert (changed.end_tries, changed.postponed_until, changed.due_at) == (0, None, 900)
    assert (due(store, tenant, 900), due(store, tenant, 901)) == ([], [jobs.id_of(job)])


@pytest.mark.parametrize("changes_left", range(3))
def test_no_crash_while_postponing_keeps_a_job_from_being_due(
    jobs: Jobs, aws: Aws, tenant: TenantId, changes_left: int
) -> None:
    store = on(aws, jobs)
    job = jobs.add(store, tenant, deadline_at=100)

    with pytest.raises(InterruptedError):
        jobs.crashing(aws, changes_left).postpone(job, until=300)

    assert due(store, tenant, LATER) == [jobs.id_of(job)]
    assert store.find(tenant, jobs.id_of(job)).end_tries == (1 if changes_left == 2 else 0)


def test_a_postponement_leaves_one_entry(jobs: Jobs, aws: Aws, tenant: TenantId) -> None:
    store = on(aws, jobs)
    job = jobs.add(store, tenant, deadline_at=100)

    for until in (300, 500, 700):
        job = store.postpone(job, until=until)

    entries = DueIndex(control(aws), DUE[jobs.store]).each_before(LATER)
    assert [one.due_at for one in entries if one.tenant_id == tenant] == [700]


def test_a_job_that_cannot_be_read_is_due_and_hides_no_other(jobs: Jobs, aws: Aws, tenant: TenantId) -> None:
    store = on(aws, jobs)
    damaged, healthy = (jobs.add(store, tenant, deadline_at=at) for at in (100, 200))
    kind = "IMPORT" if jobs is IMPORTS else "EXPORT"
    item = f"{kind}#{tenant}#{jobs.id_of(damaged)}"
    assert control(aws).set(item, {"status": "no such"}, condition="attribute_exists(#pk)", parameters={})

    assert due(store, tenant, LATER) == [jobs.id_of(damaged), jobs.id_of(healthy)]
    assert due(store, tenant, LATER) == [jobs.id_of(damaged), jobs.id_of(healthy)]

    control(aws).remove(item, "-")


def test_an_import_may_be_watched_from_the_moment_it_is_added(stores: Stores, tenant: TenantId) -> None:
    seen, other = an_import(tenant, status=Status.PROCESSING), an_import(tenant, status=Status.PROCESSING)

    stores.imports.add(seen, is_watched=True)
    stores.imports.add(other)

    assert watched(stores.imports, tenant) == [seen.import_id]


@pytest.mark.parametrize("is_watched", [False, True])
def test_an_import_may_be_watched_from_a_step_on(stores: Stores, tenant: TenantId, is_watched: bool) -> None:
    import_ = an_import(tenant, status=Status.REQUESTED)
    stores.imports.add(import_)

    stores.imports.change(tenant, import_.import_id, ImportChange(to=Status.QUEUED, at=LATER, is_watched=is_watched))

    assert watched(stores.imports, tenant) == [import_.import_id] * is_watched


def test_the_next_attempt_at_an_import_is_watched(stores: Stores, tenant: TenantId) -> None:
    import_ = an_import(tenant, status=Status.FAILED)
    stores.imports.add(import_)

    assert stores.imports.redrive(replace(import_, status=Status.QUEUED, attempt=2))

    assert watched(stores.imports, tenant) == [import_.import_id]
