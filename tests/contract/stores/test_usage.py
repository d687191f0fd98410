"""What `MonthlyUsage` promises: each import and export counts once in the month of its end, whatever becomes of it."""

from dataclasses import replace

from chalicelib.model.events import event_of_import
from chalicelib.model.exports import ExportFile, ExportStatus, Progress
from chalicelib.model.ids import TenantId
from chalicelib.model.imports import Import, Source, Stats, Status
from chalicelib.model.status_changes import ExportChange, ImportChange
from chalicelib.model.usage import MonthUsage
from chalicelib.stores.interfaces import Stores
from tests.contract.stores.builders import an_import
from tests.contract.stores.test_exports import an_export

JANUARY, FEBRUARY = 1_800_000_000, 1_803_000_000
STATS = Stats(total=7, created=4, failed=3)


def a_running_import(stores: Stores, tenant: TenantId, **given: object) -> Import:
    import_ = an_import(tenant, status=Status.PROCESSING, source=Source(key="uploads/a", size_bytes=90), **given)
    assert stores.imports.add(import_)
    return import_


def ended(stores: Stores, import_: Import, *, at: int = JANUARY, to: Status = Status.COMPLETED) -> Import | None:
    change = ImportChange(to=to, at=at, ended_at=at, stats=STATS)
    return stores.imports.change(import_.tenant_id, import_.import_id, change)


def test_a_tenant_that_has_ended_nothing_has_no_months(stores: Stores, tenant: TenantId) -> None:
    a_running_import(stores, tenant)

    assert stores.usage.list_months(tenant) == []


def test_an_import_counts_when_it_ends_and_once(stores: Stores, tenant: TenantId) -> None:
    import_ = a_running_import(stores, tenant)

    assert ended(stores, import_)
    assert ended(stores, import_) is None

    assert stores.usage.list_months(tenant) == [MonthUsage(month="2027-01", imports=1, import_rows=7, import_bytes=90)]


def test_an_import_that_is_stored_when_it_has_ended_counts_once(stores: Stores, tenant: TenantId) -> None:
    import_ = an_import(tenant, status=Status.COMPLETED, ended_at=JANUARY, stats=STATS)

    assert stores.imports.add(import_)
    assert not stores.imports.add(import_)

    assert stores.usage.list_months(tenant) == [MonthUsage(month="2027-01", imports=1, import_rows=7)]


def test_what_is_deleted_has_been_used(stores: Stores, tenant: TenantId) -> None:
    import_ = a_running_import(stores, tenant)
    ended(stores, import_)

    assert stores.imports.delete(tenant, import_.import_id)

    assert [one.import_rows for one in stores.usage.list_months(tenant)] == [7]


def test_an_import_that_is_redriven_counts_where_it_ends_last(stores: Stores, tenant: TenantId) -> None:
    failed = ended(stores, a_running_import(stores, tenant), to=Status.FAILED)
    assert failed is not None
    stores.imports.mark_published(failed, event_of_import(failed))
    again = stores.imports.redrive(replace(failed, status=Status.QUEUED, attempt=2, deadline_at=JANUARY + 5))
    assert again is not None
    assert [(one.month, one.imports, one.import_rows) for one in stores.usage.list_months(tenant)] == [
        ("2027-01", 0, 0)
    ]

    ended(stores, again, at=FEBRUARY, to=Status.FAILED)

    months = [(one.month, one.imports, one.import_rows, one.import_bytes) for one in stores.usage.list_months(tenant)]
    assert months == [("2027-02", 1, 7, 90), ("2027-01", 0, 0, 0)]


def test_previews_are_counted_apart(stores: Stores, tenant: TenantId) -> None:
    ended(stores, a_running_import(stores, tenant, is_preview=True))

    assert stores.usage.list_months(tenant) == [MonthUsage(month="2027-01", previews=1, preview_rows=7)]


def test_an_export_counts_with_its_files_and_not_again_when_they_expire(stores: Stores, tenant: TenantId) -> None:
    export = an_export(tenant, status=ExportStatus.PROCESSING)
    stores.exports.add(export)
    file = ExportFile(format="csv", key="a", filename="a.csv", content_type="text/csv", rows=2, size_bytes=9, parts=())
    change = ExportChange(
        to=ExportStatus.COMPLETED, at=JANUARY, ended_at=JANUARY, files=(file, file), progress=Progress(rows=2)
    )

    stores.exports.change(tenant, export.export_id, change)
    stores.exports.change(tenant, export.export_id, ExportChange(to=ExportStatus.EXPIRED, at=FEBRUARY))

    assert stores.usage.list_months(tenant) == [MonthUsage(month="2027-01", exports=1, export_rows=2, export_bytes=18)]


def test_tenants_have_months_of_their_own(stores: Stores, tenant: TenantId) -> None:
    ended(stores, a_running_import(stores, tenant))

    assert stores.usage.list_months(TenantId(f"{tenant}x")) == []
