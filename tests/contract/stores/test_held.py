"""What `Imports` promises of imports that are requested and change: they are held, their options are stated anew."""

from dataclasses import replace

import pytest

from chalicelib.model.events import event_of_import
from chalicelib.model.ids import TenantId
from chalicelib.model.imports import Action, Import, Source, Status
from chalicelib.model.list_filters import ImportFilter
from chalicelib.model.status_changes import ImportChange
from chalicelib.stores.interfaces import Stores
from tests.contract.stores.builders import an_import

HELD = {"source": Source(key="uploads/a", version_id="v1"), "held_until": 500, "unpublished_since": 100}


@pytest.fixture
def waiting(stores: Stores, tenant: TenantId) -> Import:
    import_ = an_import(tenant, hold=True)
    assert stores.imports.add(import_)
    return import_


def test_a_revision_writes_what_it_is_given_and_counts(stores: Stores, tenant: TenantId, waiting: Import) -> None:
    revised = stores.imports.revise(waiting, {"action": Action.UPDATE, "column_mapping": {"name": "Name"}})

    assert revised == replace(waiting, action=Action.UPDATE, column_mapping={"name": "Name"}, revision=1)
    assert stores.imports.find(tenant, waiting.import_id) == revised


def test_of_two_revisions_of_the_same_state_one_is_made(stores: Stores, tenant: TenantId, waiting: Import) -> None:
    first = stores.imports.revise(waiting, HELD)

    assert stores.imports.revise(waiting, {"hold": False}) is None
    assert stores.imports.find(tenant, waiting.import_id) == first
    assert first is not None
    assert stores.imports.revise(first, {"location_id": "loc_1"}) == replace(first, location_id="loc_1", revision=2)


def test_what_is_not_requested_is_not_revised(stores: Stores, tenant: TenantId, waiting: Import) -> None:
    queued = stores.imports.change(tenant, waiting.import_id, ImportChange(to=Status.QUEUED, at=7, deadline_at=900))

    assert queued is not None
    assert queued.queued_at == 7
    assert stores.imports.revise(queued, {"hold": False}) is None
    assert stores.imports.find(tenant, waiting.import_id) == queued


def test_an_import_that_is_held_is_due_when_that_is_over(stores: Stores, tenant: TenantId, waiting: Import) -> None:
    stores.imports.revise(waiting, HELD)

    assert (tenant, waiting.import_id) not in stores.imports.each_due(500)
    assert (tenant, waiting.import_id) in stores.imports.each_due(501)


def test_that_it_is_held_is_to_be_told_until_it_was(stores: Stores, tenant: TenantId, waiting: Import) -> None:
    held = stores.imports.revise(waiting, HELD)
    assert held is not None

    assert waiting.import_id in {one.import_id for one in stores.imports.each_unpublished(101)}
    stores.imports.mark_published(held, event_of_import(held))

    assert waiting.import_id not in {one.import_id for one in stores.imports.each_unpublished(101)}
    assert stores.imports.find(tenant, waiting.import_id) == replace(held, unpublished_since=None)


def test_an_end_within_the_same_second_is_still_to_be_told(stores: Stores, tenant: TenantId, waiting: Import) -> None:
    held = stores.imports.revise(waiting, HELD)
    ended = stores.imports.change(tenant, waiting.import_id, ImportChange(to=Status.EXPIRED, at=100, ended_at=100))
    assert held is not None

    stores.imports.mark_published(held, event_of_import(held))

    assert ended in [*stores.imports.each_unpublished(101)]


def test_one_that_becomes_a_preview_is_listed_as_one(stores: Stores, tenant: TenantId, waiting: Import) -> None:
    stores.imports.revise(waiting, {"is_preview": True})

    whole, without = (ImportFilter(with_previews=one) for one in (True, False))
    assert stores.imports.list_page(tenant, without, page=1, per_page=9).total == 0
    listing = stores.imports.list_page(tenant, whole, page=1, per_page=9)
    assert ([one.import_id for one in listing.entries], listing.total) == ([waiting.import_id], 1)
