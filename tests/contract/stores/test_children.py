"""What `Imports` promises of imports that are made of others, and of previews in lists."""

from dataclasses import replace

import pytest

from chalicelib.model.children import Occupation
from chalicelib.model.guard_rails import GuardRails, Tolerance
from chalicelib.model.ids import ImportId, TenantId
from chalicelib.model.imports import Import, Status
from chalicelib.model.list_filters import ImportFilter
from chalicelib.stores.interfaces import Stores
from tests.contract.stores.builders import an_import

CHILD, OTHER = ImportId("imp_child"), ImportId("imp_other")
CONFIRMED = Occupation(busy_with=CHILD, values={"confirmed_as": CHILD}, demands_absent=("confirmed_as",))


@pytest.fixture
def ended(stores: Stores, tenant: TenantId) -> Import:
    import_ = an_import(
        tenant,
        status=Status.COMPLETED,
        is_preview=True,
        drift={"created>updated": 2},
        guard_rails=GuardRails(max_failed=Tolerance(percent_hundredths=250)),
    )
    assert stores.imports.add(import_)
    return import_


def test_what_belongs_to_previews_is_found_as_it_was_added(stores: Stores, tenant: TenantId, ended: Import) -> None:
    assert stores.imports.find(tenant, ended.import_id) == ended


def test_an_import_becomes_busy_once(stores: Stores, tenant: TenantId, ended: Import) -> None:
    occupied = stores.imports.occupy(tenant, ended.import_id, CONFIRMED)

    assert occupied == replace(ended, busy_with=CHILD, confirmed_as=CHILD)
    assert stores.imports.occupy(tenant, ended.import_id, Occupation(busy_with=OTHER)) is None
    assert stores.imports.find(tenant, ended.import_id) == occupied


def test_an_import_is_released_from_the_child_that_it_is_busy_with(
    stores: Stores, tenant: TenantId, ended: Import
) -> None:
    stores.imports.occupy(tenant, ended.import_id, CONFIRMED)

    assert stores.imports.release(tenant, ended.import_id, OTHER) is None
    assert stores.imports.release(tenant, ended.import_id, CHILD) == replace(ended, confirmed_as=CHILD)
    assert stores.imports.release(tenant, ended.import_id, CHILD) is None


def test_a_child_tells_its_parent_what_has_become_of_its_rows_when_it_releases_it(
    stores: Stores, tenant: TenantId, ended: Import
) -> None:
    stores.imports.occupy(tenant, ended.import_id, Occupation(busy_with=CHILD))

    assert stores.imports.release(tenant, ended.import_id, OTHER, {"mended": 3}) is None
    assert stores.imports.release(tenant, ended.import_id, CHILD, {"mended": 4}) == replace(ended, mended=4)
    assert stores.imports.release(tenant, ended.import_id, CHILD, {"mended": 5}) is None


def test_nothing_is_made_of_what_an_import_was_before(stores: Stores, tenant: TenantId, ended: Import) -> None:
    first = Occupation(busy_with=CHILD, values={"retries": (CHILD,)}, demands_unchanged={"retries": ()})
    assert stores.imports.occupy(tenant, ended.import_id, first) is not None
    stores.imports.release(tenant, ended.import_id, CHILD)

    assert stores.imports.occupy(tenant, ended.import_id, replace(first, busy_with=OTHER)) is None
    both = replace(first, busy_with=OTHER, values={"retries": (CHILD, OTHER)}, demands_unchanged={"retries": (CHILD,)})
    occupied = stores.imports.occupy(tenant, ended.import_id, both)
    assert occupied == replace(ended, busy_with=OTHER, retries=(CHILD, OTHER))


def test_what_may_be_done_once_is_not_done_again(stores: Stores, tenant: TenantId, ended: Import) -> None:
    stores.imports.occupy(tenant, ended.import_id, CONFIRMED)
    stores.imports.release(tenant, ended.import_id, CHILD)

    assert stores.imports.occupy(tenant, ended.import_id, CONFIRMED) is None
    assert stores.imports.occupy(tenant, ended.import_id, Occupation(busy_with=OTHER)) is not None


def test_the_next_attempt_at_an_import_is_stored_and_due_once(stores: Stores, tenant: TenantId) -> None:
    late = an_import(tenant, status=Status.TIMED_OUT, reason="timed_out", ended_at=50)
    stores.imports.add(late)
    again = replace(late, status=Status.QUEUED, attempt=2, reason=None, ended_at=None, deadline_at=900)

    assert stores.imports.redrive(again) == again
    assert stores.imports.find(tenant, late.import_id) == again
    assert (tenant, late.import_id) in [*stores.imports.each_due(901)]
    assert stores.imports.redrive(again) is None
    assert stores.imports.redrive(replace(again, attempt=3)) is None


@pytest.mark.parametrize(
    "fields",
    [{"busy_with": OTHER}, {"retries": (OTHER,)}, {"unpublished_since": 50}, {"attempt": 2}],
    ids=["busy", "tried again", "not announced", "another attempt"],
)
def test_no_attempt_begins_where_something_speaks_against_it(
    stores: Stores, tenant: TenantId, fields: dict[str, object]
) -> None:
    late = replace(an_import(tenant, status=Status.TIMED_OUT), **fields)  # type: ignore[arg-type] # by name
    stores.imports.add(late)

    assert stores.imports.redrive(replace(late, status=Status.QUEUED, attempt=2)) is None
    assert stores.imports.find(tenant, late.import_id) == late


@pytest.mark.parametrize("status", [Status.REQUESTED, Status.QUEUED, Status.PROCESSING, Status.CANCELING])
def test_an_import_that_has_not_ended_does_not_become_busy(stores: Stores, tenant: TenantId, status: Status) -> None:
    import_ = an_import(tenant, status=status)
    stores.imports.add(import_)

    assert stores.imports.occupy(tenant, import_.import_id, CONFIRMED) is None


def test_a_deleted_import_is_released_from_nothing(stores: Stores, tenant: TenantId, ended: Import) -> None:
    stores.imports.occupy(tenant, ended.import_id, CONFIRMED)
    assert stores.imports.delete(tenant, ended.import_id)

    assert stores.imports.release(tenant, ended.import_id, CHILD) is None
    assert stores.imports.find(tenant, ended.import_id) is None


def test_an_absent_import_does_not_become_busy(stores: Stores, tenant: TenantId) -> None:
    assert stores.imports.occupy(tenant, OTHER, CONFIRMED) is None
    assert stores.imports.release(tenant, OTHER, CHILD) is None


def test_only_what_is_requested_is_discarded(stores: Stores, tenant: TenantId, ended: Import) -> None:
    import_ = an_import(tenant, status=Status.REQUESTED)
    stores.imports.add(import_)

    assert not stores.imports.discard(tenant, ended.import_id)
    assert stores.imports.discard(tenant, import_.import_id)
    assert not stores.imports.discard(tenant, import_.import_id)
    assert stores.imports.find(tenant, import_.import_id) is None
    assert stores.imports.list_page(tenant, page=1, per_page=9).total == 1


def test_previews_are_listed_apart(stores: Stores, tenant: TenantId, ended: Import) -> None:
    import_ = an_import(tenant)
    stores.imports.add(import_)

    def listed(*, with_previews: bool) -> set[ImportId]:
        wanted = ImportFilter(resources=frozenset({import_.resource}), with_previews=with_previews)
        page = stores.imports.list_page(tenant, wanted, page=1, per_page=9)
        assert page.total == len(page.entries)
        return {one.import_id for one in page.entries}

    assert listed(with_previews=True) == {import_.import_id, ended.import_id}
    assert listed(with_previews=False) == {import_.import_id}
