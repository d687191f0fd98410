"""What `JobStore` promises of imports and exports alike: an ending has a pending event until it is published."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from chalicelib.model.events import event_of_export, event_of_import
from chalicelib.model.exports import ENDINGS, ExportStatus
from chalicelib.model.ids import TenantId
from chalicelib.model.imports import FINAL, Import, Status
from chalicelib.model.status_changes import ExportChange, ImportChange
from chalicelib.stores.aws import stores_over
from chalicelib.stores.dynamodb.client import DynamoDBClient
from chalicelib.stores.dynamodb.due_index import DueEntry, DueIndex, DueKind
from chalicelib.stores.dynamodb.exports import DynamoDBExports
from chalicelib.stores.interfaces import Stores
from tests.contract.stores.builders import an_import
from tests.contract.stores.conftest import Aws, clock
from tests.contract.stores.test_due_imports import CrashingTable, control, crashing
from tests.contract.stores.test_exports import an_export

LATER = 10_000


def mark_published(store: Any, job: Any) -> None:
    store.mark_published(job, event_of_import(job) if isinstance(job, Import) else event_of_export(job))


@dataclass(frozen=True)
class Jobs:
    """One kind of job: which store keeps it, how it is built and how its status changes."""

    store: str
    build: Callable[..., Any]
    change: Callable[..., Any]
    status: Callable[[str], Any]
    id_field: str
    unpublished: DueKind
    crashing: Callable[[Aws, int], Any]
    """Returns a store whose owner dies before the nth change of its table."""
    more_times: Mapping[str, Any] = field(default_factory=dict)
    """Times besides the deadline at which such a job can become due."""

    def of(self, stores: Stores) -> Any:
        return getattr(stores, self.store)

    def add(self, store: Any, tenant: TenantId, status: str = "processing", **given: Any) -> Any:
        job = self.build(tenant, status=self.status(status), **given)
        assert store.add(job)
        return job

    def id_of(self, job: Any) -> str:
        return str(getattr(job, self.id_field))

    def end(self, store: Any, tenant: TenantId, job: Any, to: str = "completed", *, at: int = 50) -> Any:
        """Returns the job after its end, or None if the end was refused."""
        return store.change(tenant, self.id_of(job), self.change(to=self.status(to), at=at))

    def pending(self, store: Any, tenant: TenantId, before: int = LATER) -> list[str]:
        """Returns the ids of jobs whose event is pending, in their order."""
        return [self.id_of(one) for one in store.each_unpublished(before) if one.tenant_id == tenant]


def crashing_exports(aws: Aws, changes_left: int) -> DynamoDBExports:
    table = CrashingTable(aws.resources.control_table, DynamoDBClient(aws.transport))
    table.changes_left = changes_left
    return DynamoDBExports(table, clock=clock)


IMPORTS = Jobs(
    "imports",
    an_import,
    ImportChange,
    Status,
    "import_id",
    DueKind.UNPUBLISHED_IMPORT,
    crashing,
    {"upload_expires_at": 100},
)
EXPORTS = Jobs(
    "exports", an_export, ExportChange, ExportStatus, "export_id", DueKind.UNPUBLISHED_EXPORT, crashing_exports
)


@pytest.fixture(params=[IMPORTS, EXPORTS], ids=lambda jobs: jobs.store)
def jobs(request: pytest.FixtureRequest) -> Jobs:
    found: Jobs = request.param
    return found


def on(aws: Aws, jobs: Jobs) -> Any:
    return jobs.of(stores_over(aws.session, aws.transport, aws.resources, clock=clock))


def test_an_event_is_pending_until_it_is_marked_published(jobs: Jobs, stores: Stores, tenant: TenantId) -> None:
    store = jobs.of(stores)
    job = jobs.add(store, tenant)
    jobs.end(store, tenant, job)

    assert jobs.pending(store, tenant) == [jobs.id_of(job)]
    assert jobs.pending(store, tenant) == [jobs.id_of(job)]
    mark_published(store, store.find(tenant, jobs.id_of(job)))
    assert jobs.pending(store, tenant) == []


@pytest.mark.parametrize(
    ("jobs", "to"), [(IMPORTS, "completed"), *((EXPORTS, status) for status in sorted(ENDINGS))], indirect=["jobs"]
)
def test_marking_published_twice_changes_nothing(jobs: Jobs, stores: Stores, tenant: TenantId, to: str) -> None:
    store = jobs.of(stores)
    ended = jobs.end(store, tenant, jobs.add(store, tenant), to)
    assert jobs.pending(store, tenant) == [jobs.id_of(ended)]

    mark_published(store, ended)
    mark_published(store, ended)

    published = store.find(tenant, jobs.id_of(ended))
    assert (published.status, published.unpublished_since) == (to, None)
    assert jobs.pending(store, tenant) == []


def test_a_pending_event_is_found_only_after_a_while(jobs: Jobs, stores: Stores, tenant: TenantId) -> None:
    store = jobs.of(stores)
    job = jobs.add(store, tenant)
    jobs.end(store, tenant, job, at=50)

    assert jobs.pending(store, tenant, before=50) == []
    assert jobs.pending(store, tenant, before=51) == [jobs.id_of(job)]


def test_what_has_waited_longest_comes_first(jobs: Jobs, stores: Stores, tenant: TenantId) -> None:
    store = jobs.of(stores)
    made = {at: jobs.add(store, tenant) for at in (30, 10, 20)}
    for at, job in made.items():
        jobs.end(store, tenant, job, at=at)

    assert jobs.pending(store, tenant) == [jobs.id_of(made[at]) for at in (10, 20, 30)]


@pytest.mark.parametrize("status", sorted(set(Status) - FINAL))
def test_an_import_that_has_not_ended_has_no_pending_event(stores: Stores, tenant: TenantId, status: Status) -> None:
    IMPORTS.add(stores.imports, tenant, status)

    assert IMPORTS.pending(stores.imports, tenant) == []


def test_an_ending_that_was_refused_makes_no_pending_event(jobs: Jobs, stores: Stores, tenant: TenantId) -> None:
    store = jobs.of(stores)
    ended = jobs.end(store, tenant, jobs.add(store, tenant))
    mark_published(store, ended)

    assert jobs.end(store, tenant, ended, "failed", at=60) is None

    assert jobs.pending(store, tenant) == []
    assert jobs.pending(store, tenant) == []


def test_the_end_of_the_files_of_an_export_makes_no_pending_event(stores: Stores, tenant: TenantId) -> None:
    ended = EXPORTS.end(stores.exports, tenant, EXPORTS.add(stores.exports, tenant))
    mark_published(stores.exports, ended)

    assert EXPORTS.end(stores.exports, tenant, ended, "expired", at=60)

    assert EXPORTS.pending(stores.exports, tenant) == []


def test_an_ending_is_one_change_with_its_pending_event(jobs: Jobs, aws: Aws, tenant: TenantId) -> None:
    store = on(aws, jobs)
    job = jobs.add(store, tenant, deadline_at=200, **jobs.more_times)
    store.watch(job)

    with pytest.raises(InterruptedError):
        jobs.end(jobs.crashing(aws, 0), tenant, job, "failed")
    before = jobs.pending(store, tenant), store.find(tenant, jobs.id_of(job)).is_final
    jobs.end(jobs.crashing(aws, 1), tenant, job, "failed")

    assert before == ([], False)
    assert jobs.pending(store, tenant) == [jobs.id_of(job)]
    assert store.find(tenant, jobs.id_of(job)).is_final
    assert (tenant, jobs.id_of(job)) not in list(store.each_watched())


def test_marking_is_one_change(jobs: Jobs, aws: Aws, tenant: TenantId) -> None:
    store = on(aws, jobs)
    ended = jobs.end(store, tenant, jobs.add(store, tenant), "failed")

    with pytest.raises(InterruptedError):
        mark_published(jobs.crashing(aws, 0), ended)

    before = jobs.pending(store, tenant)
    mark_published(jobs.crashing(aws, 1), ended)

    assert (before, jobs.pending(store, tenant)) == ([jobs.id_of(ended)], [])


def test_entries_of_endings_that_never_were_are_removed(jobs: Jobs, aws: Aws, tenant: TenantId) -> None:
    store, entries = on(aws, jobs), DueIndex(control(aws), jobs.unpublished)
    entries.put(DueEntry(100, tenant, f"{jobs.store}_never"))

    left = []
    for before in (100 + 20 * 60, 101 + 20 * 60):
        assert jobs.pending(store, tenant, before) == []
        left.append([one.due_at for one in entries.each_before(LATER) if one.tenant_id == tenant])

    assert left == [[100], []]


@pytest.mark.parametrize(("status", "left"), [("completed", []), ("processing", [100])])
def test_an_entry_for_which_no_event_is_pending_is_removed_at_once_where_the_job_has_ended(
    jobs: Jobs, aws: Aws, tenant: TenantId, status: str, left: list[int]
) -> None:
    store, entries = on(aws, jobs), DueIndex(control(aws), jobs.unpublished)
    job = jobs.add(store, tenant, status)
    entries.put(DueEntry(100, tenant, jobs.id_of(job)))

    assert jobs.pending(store, tenant, 101) == []
    assert [one.due_at for one in entries.each_before(LATER) if one.tenant_id == tenant] == left


def test_where_no_event_is_pending_none_is_logged(jobs: Jobs, stores: Stores, tenant: TenantId) -> None:
    job = jobs.add(jobs.of(stores), tenant, "completed")

    mark_published(jobs.of(stores), job)

    assert stores.event_log.list_after(tenant, 0, limit=9) == []
