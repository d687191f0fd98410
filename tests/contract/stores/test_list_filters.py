"""Lists by status, resource, mode and action are exact at any time, whatever becomes of the jobs in them."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from random import Random

from chalicelib.model.children import Occupation
from chalicelib.model.exports import Export, ExportStatus
from chalicelib.model.ids import ExportId, ImportId, TenantId
from chalicelib.model.imports import FINAL, Action, Import, Status, UploadMode
from chalicelib.model.list_filters import EVERY_IMPORT, ExportFilter, ImportFacets, ImportFilter
from chalicelib.model.retention import DAY_S
from chalicelib.model.status_changes import ExportChange, ImportChange
from chalicelib.stores.interfaces import Stores
from tests.contract.stores.builders import an_import
from tests.contract.stores.conftest import NOW

FILTERS = {
    "all": EVERY_IMPORT,
    "one status": ImportFilter(statuses=frozenset({Status.FAILED})),
    "two statuses": ImportFilter(statuses=frozenset({Status.QUEUED, Status.CANCELED})),
    "a resource": ImportFilter(resources=frozenset({"users"})),
    "no previews": ImportFilter(with_previews=False),
    "a mode": ImportFilter(upload_modes=frozenset({UploadMode.SYNC})),
    "an action": ImportFilter(actions=frozenset({Action.DELETE})),
    "since a day": ImportFilter(since=NOW - DAY_S),
    "everything at once": ImportFilter(
        resources=frozenset({"contacts"}),
        statuses=frozenset({Status.COMPLETED, Status.FAILED}),
        upload_modes=frozenset({UploadMode.ASYNC}),
        actions=frozenset({Action.MERGE, Action.CREATE}),
        since=NOW - 3 * DAY_S,
    ),
}

Step = Callable[[Import], object]


def many_imports(tenant: TenantId, dice: Random) -> list[Import]:
    """Imports of four days, newest last."""
    times = sorted(NOW - dice.randrange(4 * DAY_S) for _ in range(24))
    return [
        an_import(
            tenant,
            import_id=ImportId(f"imp_{number:03d}"),
            status=dice.choice([Status.REQUESTED, Status.QUEUED, Status.PROCESSING, Status.FAILED]),
            resource=dice.choice(["contacts", "users"]),
            action=dice.choice([Action.MERGE, Action.DELETE]),
            upload_mode=dice.choice(list(UploadMode)),
            is_preview=dice.random() < 0.2,
            created_at=at,
        )
        for number, at in enumerate(times)
    ]


def go_on(stores: Stores, tenant: TenantId, imports: Iterable[Import], dice: Random) -> list[Import]:
    """Changes what may be changed at random; returns the imports as they are then, newest first."""
    for import_ in imports:
        stores.imports.add(import_)
        for to in dice.sample([Status.QUEUED, Status.PROCESSING, Status.COMPLETED, Status.CANCELING], 2):
            stores.imports.change(tenant, import_.import_id, ImportChange(to=to, at=NOW))
        if dice.random() < 0.2:
            stores.imports.delete(tenant, import_.import_id)
    found = [stores.imports.find(tenant, one.import_id) for one in imports]
    return [one for one in reversed(found) if one is not None]


def pages(stores: Stores, tenant: TenantId, wanted: ImportFilter, per_page: int) -> tuple[list[ImportId], set[int]]:
    """The ids on all pages, and the totals that they told."""
    found = [
        stores.imports.list_page(tenant, wanted, page=page, per_page=per_page) for page in range(1, 29 // per_page + 1)
    ]
    return [one.import_id for page in found for one in page.entries], {page.total for page in found}


def test_a_list_has_what_its_filter_takes_on_every_page(stores: Stores, tenant: TenantId) -> None:
    dice = Random(7)
    stored = go_on(stores, tenant, many_imports(tenant, dice), dice)

    for name, wanted in FILTERS.items():
        taken = [one for one in stored if wanted.takes(ImportFacets.of(one))]
        expected = [one.import_id for one in taken if one.created_at // DAY_S >= wanted.since // DAY_S]
        assert pages(stores, tenant, wanted, 7) == (expected, {len(expected)}), name


def test_an_import_that_is_changed_again_and_again_is_counted_once(stores: Stores, tenant: TenantId) -> None:
    import_ = an_import(tenant, status=Status.REQUESTED)
    stores.imports.add(import_)

    for to in (Status.QUEUED, Status.QUEUED, Status.PROCESSING, Status.QUEUED, Status.FAILED, Status.COMPLETED):
        stores.imports.change(tenant, import_.import_id, ImportChange(to=to, at=NOW))

    totals = {
        status: stores.imports.list_page(tenant, ImportFilter(statuses=frozenset({status})), page=1, per_page=5).total
        for status in Status
    }
    assert {status for status, total in totals.items() if total} == {Status.FAILED}
    assert totals[Status.FAILED] == 1


def test_an_import_that_ends_in_its_request_moves_to_its_new_list(stores: Stores, tenant: TenantId) -> None:
    import_ = an_import(tenant, status=Status.PROCESSING)
    stores.imports.add(import_)

    stores.imports.change_known(import_, ImportChange(to=Status.COMPLETED, at=NOW))

    running, ended = (ImportFilter(statuses=frozenset(one)) for one in (set(Status) - FINAL, FINAL))
    assert stores.imports.list_page(tenant, running, page=1, per_page=5).total == 0
    assert [one.status for one in stores.imports.list_page(tenant, ended, page=1, per_page=5).entries] == ["completed"]


def test_what_a_child_tells_its_parent_moves_the_parent_to_its_new_list(stores: Stores, tenant: TenantId) -> None:
    import_ = an_import(tenant, status=Status.FAILED)
    stores.imports.add(import_)
    stores.imports.occupy(tenant, import_.import_id, Occupation(busy_with=ImportId("imp_child")))

    released = stores.imports.release(tenant, import_.import_id, ImportId("imp_child"), {"status": Status.COMPLETED})

    failed, completed = (ImportFilter(statuses=frozenset({one})) for one in (Status.FAILED, Status.COMPLETED))
    assert stores.imports.list_page(tenant, failed, page=1, per_page=5).total == 0
    assert stores.imports.list_page(tenant, completed, page=1, per_page=5).entries == (released,)


def test_an_import_that_is_redriven_moves_to_its_new_list(stores: Stores, tenant: TenantId) -> None:
    import_ = an_import(tenant, status=Status.FAILED)
    stores.imports.add(import_)

    again = stores.imports.redrive(replace(import_, status=Status.QUEUED, attempt=2, deadline_at=NOW + 5))

    assert again is not None
    assert stores.imports.count_statuses(tenant, since=0) == {Status.QUEUED: 1}
    queued = ImportFilter(statuses=frozenset({Status.QUEUED}))
    assert stores.imports.list_page(tenant, queued, page=1, per_page=5).entries == (again,)


def test_exports_are_listed_by_their_status_as_it_is(stores: Stores, tenant: TenantId) -> None:
    for number in range(5):
        export = Export(
            export_id=ExportId(f"exp_{number}"), tenant_id=tenant, resource="users", created_at=NOW + number
        )
        stores.exports.add(export)
        stores.exports.change(tenant, export.export_id, ExportChange(to=ExportStatus.PROCESSING, at=NOW))
        if number % 2:
            stores.exports.change(tenant, export.export_id, ExportChange(to=ExportStatus.FAILED, at=NOW))
    stores.exports.delete(tenant, ExportId("exp_3"))

    failed, running = (
        stores.exports.list_page(tenant, ExportFilter(statuses=frozenset({status})), page=1, per_page=2)
        for status in (ExportStatus.FAILED, ExportStatus.PROCESSING)
    )

    assert ([one.export_id for one in failed.entries], failed.total) == (["exp_1"], 1)
    assert ([one.export_id for one in running.entries], running.total) == (["exp_4", "exp_2"], 3)


def test_statuses_are_counted_since_a_day(stores: Stores, tenant: TenantId) -> None:
    for number, days in enumerate([0, 0, 1, 1, 5]):
        status = Status.FAILED if number % 2 else Status.QUEUED
        stores.imports.add(an_import(tenant, status=status, created_at=NOW - days * DAY_S, is_preview=number == 2))

    assert stores.imports.count_statuses(tenant, since=NOW - DAY_S) == {Status.FAILED: 2, Status.QUEUED: 2}
    assert stores.imports.count_statuses(tenant, since=0) == {Status.FAILED: 2, Status.QUEUED: 3}
    assert stores.exports.count_statuses(tenant, since=0) == {}
