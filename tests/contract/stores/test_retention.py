"""What has ended expires: it is found, listed and counted until the moment that retention says, and then no more."""

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest

from chalicelib.model.exports import Export, ExportStatus
from chalicelib.model.ids import ExportId, TenantId
from chalicelib.model.imports import Status
from chalicelib.model.limits import Limits
from chalicelib.model.list_filters import ImportFilter
from chalicelib.model.retention import DAY_S, day_of
from chalicelib.model.status_changes import ExportChange, ImportChange
from chalicelib.stores import memory
from chalicelib.stores.aws import stores_over
from chalicelib.stores.dynamodb.client import DynamoDBClient
from chalicelib.stores.dynamodb.control_table import ControlTable
from chalicelib.stores.interfaces import Stores
from tests.contract.stores.builders import an_import
from tests.contract.stores.conftest import NOW, StoresUnderTest

KEPT_S = 100 * DAY_S
LIMITS = Limits(job_retention_s=KEPT_S)
NOON = day_of(NOW) * DAY_S + DAY_S // 2
END = (day_of(NOON) + 1) * DAY_S + KEPT_S
"""When everything that was created on this day is gone."""


@dataclass
class Timed:
    """Stores that keep imports and exports for a hundred days, and their time."""

    stores: Stores
    now: float = NOON


@pytest.fixture
def timed(world: StoresUnderTest) -> Timed:
    made = Timed(world.stores)
    if world.aws is None:
        made.stores = memory.stores(clock=lambda: made.now, limits=LIMITS)
    else:
        aws = world.aws
        made.stores = stores_over(aws.session, aws.transport, aws.resources, clock=lambda: made.now, limits=LIMITS)
    return made


def an_export(tenant: TenantId, **given: Any) -> Export:
    wanted: dict[str, Any] = {"export_id": ExportId(f"exp_{uuid4().hex[:26]}"), "tenant_id": tenant}
    return Export(**(wanted | {"resource": "contacts", "created_at": NOON} | given))


def test_an_import_that_has_ended_is_there_until_its_day_expires(timed: Timed, tenant: TenantId) -> None:
    import_ = an_import(tenant, status=Status.PROCESSING, created_at=NOON)
    timed.stores.imports.add(import_)
    timed.stores.imports.change(tenant, import_.import_id, ImportChange(to=Status.COMPLETED, at=NOON + 5))

    timed.now = END - 1
    before = timed.stores.imports.find(tenant, import_.import_id), total(timed.stores.imports, tenant)
    timed.now = END
    after = timed.stores.imports.find(tenant, import_.import_id), total(timed.stores.imports, tenant)

    assert before[0] is not None
    assert (before[1], after) == (1, (None, 0))


def test_an_export_that_has_ended_is_there_until_its_day_expires(timed: Timed, tenant: TenantId) -> None:
    export = an_export(tenant, status=ExportStatus.PROCESSING)
    timed.stores.exports.add(export)
    timed.stores.exports.change(tenant, export.export_id, ExportChange(to=ExportStatus.FAILED, at=NOON + 5))

    timed.now = END - 1
    before = timed.stores.exports.find(tenant, export.export_id), total(timed.stores.exports, tenant)
    timed.now = END
    after = timed.stores.exports.find(tenant, export.export_id), total(timed.stores.exports, tenant)

    assert before[0] is not None
    assert (before[1], after) == (1, (None, 0))


def test_days_expire_one_by_one_and_the_total_with_them(timed: Timed, tenant: TenantId) -> None:
    for days in range(4):
        for number in range(days + 1):
            created_at = NOON - days * DAY_S + number
            timed.stores.imports.add(an_import(tenant, status=Status.FAILED, created_at=created_at))

    totals = []
    for days in range(5):
        timed.now = END - days * DAY_S
        listing = timed.stores.imports.list_page(tenant, page=1, per_page=50)
        assert len(listing.entries) == listing.total
        totals.append(listing.total)

    assert totals == [0, 1, 3, 6, 10]


@pytest.mark.parametrize("status", [Status.REQUESTED, Status.QUEUED, Status.PROCESSING, Status.CANCELING])
def test_what_has_not_ended_never_expires(timed: Timed, tenant: TenantId, status: Status) -> None:
    import_ = an_import(tenant, status=status, created_at=NOON)
    timed.stores.imports.add(import_)

    timed.now = END + 1_000 * DAY_S

    assert timed.stores.imports.find(tenant, import_.import_id) == import_
    assert timed.stores.imports.rename(tenant, import_.import_id, "late", by="ann", at=9)


def test_an_export_under_way_never_expires(timed: Timed, tenant: TenantId) -> None:
    export = an_export(tenant, status=ExportStatus.PROCESSING)
    timed.stores.exports.add(export)

    timed.now = END + 1_000 * DAY_S

    assert timed.stores.exports.find(tenant, export.export_id) == export


def test_the_id_of_a_deleted_import_stays_taken_as_long_as_imports_are_kept(timed: Timed, tenant: TenantId) -> None:
    import_ = an_import(tenant, status=Status.FAILED, created_at=NOON)
    timed.stores.imports.add(import_)
    timed.stores.imports.delete(tenant, import_.import_id)

    timed.now = END - 1

    assert not timed.stores.imports.add(import_)
    assert total(timed.stores.imports, tenant) == 0


def test_totals_follow_additions_and_deletions_each_once(timed: Timed, tenant: TenantId) -> None:
    imports = [an_import(tenant, status=Status.FAILED, created_at=NOON - n * DAY_S) for n in range(3)]
    for import_ in imports * 2:
        timed.stores.imports.add(import_)
    for import_ in imports[1:2] * 3:
        timed.stores.imports.delete(tenant, import_.import_id)

    listing = timed.stores.imports.list_page(tenant, page=1, per_page=10)

    assert ([one.import_id for one in listing.entries], listing.total) == (
        [imports[0].import_id, imports[2].import_id],
        2,
    )


def test_pages_go_on_across_days_and_resources(timed: Timed, tenant: TenantId) -> None:
    made = [
        an_import(tenant, resource=resource, created_at=NOON - days * DAY_S - number)
        for days in range(3)
        for number, resource in enumerate(("contacts", "users", "contacts", "groups"))
    ]
    for import_ in made[::-1]:
        timed.stores.imports.add(import_)

    pages = [timed.stores.imports.list_page(tenant, page=page, per_page=5) for page in (1, 2, 3, 4)]
    users = timed.stores.imports.list_page(tenant, ImportFilter(resources=frozenset({"users"})), page=2, per_page=2)
    recent = timed.stores.imports.list_page(tenant, ImportFilter(since=NOON - DAY_S), page=1, per_page=9)

    assert [one.import_id for page in pages for one in page.entries] == [one.import_id for one in made]
    assert [(len(page.entries), page.total) for page in pages] == [(5, 12), (5, 12), (2, 12), (0, 12)]
    assert ([one.import_id for one in users.entries], users.total) == ([made[9].import_id], 3)
    assert [one.import_id for one in recent.entries] == [one.import_id for one in made[:8]]


def test_what_has_ended_says_when_dynamodb_may_delete_it(
    timed: Timed, world: StoresUnderTest, tenant: TenantId
) -> None:
    if world.aws is None:
        pytest.skip("memory deletes nothing")
    table = ControlTable(world.aws.resources.control_table, DynamoDBClient(world.aws.transport), clock=lambda: NOON)
    import_ = an_import(tenant, status=Status.PROCESSING, created_at=NOON)
    pk = f"IMPORT#{tenant}#{import_.import_id}"
    timed.stores.imports.add(import_)

    began = table.find(pk)
    timed.stores.imports.change(tenant, import_.import_id, ImportChange(to=Status.COMPLETED, at=NOON + 5))
    ended = table.find(pk)

    assert began is not None
    assert ended is not None
    assert ("expires_at" in began, ended["expires_at"]) == (False, END)


def total(jobs: Any, tenant: TenantId) -> int:
    found: int = jobs.list_page(tenant, page=1, per_page=10).total
    return found
