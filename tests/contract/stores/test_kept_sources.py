"""What `Imports.each_kept_source` promises: until when the source of an import is kept is known."""

from dataclasses import replace

from chalicelib.model.events import event_of_import
from chalicelib.model.ids import ImportId, TenantId
from chalicelib.model.imports import Import, Status
from chalicelib.model.status_changes import ImportChange
from chalicelib.stores.interfaces import Imports, Stores
from tests.contract.stores.builders import an_import

UNTIL = 500
KEPT = ImportChange(to=Status.FAILED, at=5, ended_at=5, source_until=UNTIL)


def kept(imports: Imports, tenant: TenantId, before: int) -> list[ImportId]:
    return [one.import_id for one in imports.each_kept_source(before) if one.tenant_id == tenant]


def ended(stores: Stores, tenant: TenantId, change: ImportChange = KEPT) -> Import:
    import_ = an_import(tenant, status=Status.PROCESSING, deadline_at=200)
    stores.imports.add(import_)
    changed = stores.imports.change(tenant, import_.import_id, change)
    assert changed is not None
    return changed


def test_a_source_is_to_go_from_its_time_on(stores: Stores, tenant: TenantId) -> None:
    import_ = ended(stores, tenant)

    assert kept(stores.imports, tenant, UNTIL) == []
    assert kept(stores.imports, tenant, UNTIL + 1) == [import_.import_id]
    assert kept(stores.imports, tenant, UNTIL + 1) == [import_.import_id]


def test_the_source_of_one_that_ends_as_it_is_known_or_is_added_ended_is_to_go(
    stores: Stores, tenant: TenantId
) -> None:
    running = an_import(tenant, status=Status.PROCESSING, deadline_at=200)
    stores.imports.add(running)
    stores.imports.change_known(running, KEPT)
    added = an_import(tenant, status=Status.CANCELED, source_until=UNTIL + 1)
    stores.imports.add(added)

    assert kept(stores.imports, tenant, UNTIL + 2) == [running.import_id, added.import_id]


def test_a_source_that_is_forgotten_is_not_told_of_again(stores: Stores, tenant: TenantId) -> None:
    import_ = ended(stores, tenant)

    stores.imports.forget_source(import_)
    stores.imports.forget_source(import_)

    assert kept(stores.imports, tenant, UNTIL + 1) == []
    assert stores.imports.find(tenant, import_.import_id) == replace(import_, source_until=None)


def test_a_source_that_is_kept_for_longer_is_not_forgotten_by_who_does_not_know_it(
    stores: Stores, tenant: TenantId
) -> None:
    import_ = ended(stores, tenant)

    stores.imports.forget_source(replace(import_, source_until=UNTIL - 1))

    assert kept(stores.imports, tenant, UNTIL + 1) == [import_.import_id]


def test_an_import_that_goes_on_needs_its_source_again(stores: Stores, tenant: TenantId) -> None:
    import_ = ended(stores, tenant)
    again = replace(import_, status=Status.QUEUED, attempt=2, source_until=None, ended_at=None, unpublished_since=None)
    stores.imports.mark_published(import_, event_of_import(import_))

    assert stores.imports.redrive(again) is not None

    assert kept(stores.imports, tenant, UNTIL + 1) == []


def test_the_source_of_an_import_that_is_deleted_is_not_told_of(stores: Stores, tenant: TenantId) -> None:
    import_ = ended(stores, tenant)

    stores.imports.delete(tenant, import_.import_id)

    assert kept(stores.imports, tenant, UNTIL + 1) == []
