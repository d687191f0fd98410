"""What `Imports.each_unpublished` promises: no ending is forgotten, whoever dies when."""

import pytest

from chalicelib.model.ids import ImportId, TenantId
from chalicelib.model.imports import FINAL, Status
from chalicelib.model.status_changes import ImportChange
from chalicelib.stores.dynamodb.due_index import DueEntry, DueIndex, DueKind
from chalicelib.stores.interfaces import Imports, Stores
from tests.contract.stores.builders import an_import, an_import_id
from tests.contract.stores.conftest import Aws
from tests.contract.stores.test_due_imports import control, crashing, whole

LATER = 10_000


def owed(imports: Imports, tenant: TenantId, before: int = LATER) -> list[ImportId]:
    return [one.import_id for one in imports.each_unpublished(before) if one.tenant_id == tenant]


def ended(stores: Stores, tenant: TenantId, *, at: int = 50) -> ImportId:
    import_ = an_import(tenant, status=Status.PROCESSING)
    stores.imports.add(import_)
    assert stores.imports.change(tenant, import_.import_id, ImportChange(to=Status.COMPLETED, at=at))
    return import_.import_id


def mark_published(stores: Stores, tenant: TenantId, import_id: ImportId) -> None:
    import_ = stores.imports.find(tenant, import_id)
    assert import_ is not None
    stores.imports.mark_published(import_)


def test_an_event_is_pending_until_it_is_marked_published(stores: Stores, tenant: TenantId) -> None:
    import_id = ended(stores, tenant)

    assert owed(stores.imports, tenant) == [import_id]
    assert owed(stores.imports, tenant) == [import_id]
    mark_published(stores, tenant, import_id)
    assert owed(stores.imports, tenant) == []


def test_a_pending_event_is_found_only_after_a_while(stores: Stores, tenant: TenantId) -> None:
    import_id = ended(stores, tenant, at=50)

    assert owed(stores.imports, tenant, before=50) == []
    assert owed(stores.imports, tenant, before=51) == [import_id]


def test_who_has_waited_longest_comes_first(stores: Stores, tenant: TenantId) -> None:
    made = {at: ended(stores, tenant, at=at) for at in (30, 10, 20)}

    assert owed(stores.imports, tenant) == [made[10], made[20], made[30]]


@pytest.mark.parametrize("status", sorted(set(Status) - FINAL))
def test_an_import_that_has_not_ended_has_no_pending_event(stores: Stores, tenant: TenantId, status: Status) -> None:
    stores.imports.add(an_import(tenant, status=status))

    assert owed(stores.imports, tenant) == []


def test_an_ending_that_was_refused_makes_no_pending_event(stores: Stores, tenant: TenantId) -> None:
    import_id = ended(stores, tenant)
    mark_published(stores, tenant, import_id)

    assert stores.imports.change(tenant, import_id, ImportChange(to=Status.FAILED, at=60)) is None

    assert owed(stores.imports, tenant) == []
    assert owed(stores.imports, tenant) == []


def test_marking_published_twice_changes_nothing(stores: Stores, tenant: TenantId) -> None:
    import_id = ended(stores, tenant)
    import_ = stores.imports.find(tenant, import_id)
    assert import_ is not None

    stores.imports.mark_published(import_)
    stores.imports.mark_published(import_)

    settled = stores.imports.find(tenant, import_id)
    assert settled is not None
    assert (settled.status, settled.unpublished_since) == (Status.COMPLETED, None)


@pytest.mark.parametrize(("changes_left", "is_ended"), [(0, False), (1, False), (2, True), (3, True)])
def test_no_crash_lets_an_ending_go_untold(aws: Aws, tenant: TenantId, changes_left: int, is_ended: bool) -> None:
    """Status and debt are one write: there are both of them or none."""
    imports, _ = whole(aws)
    import_ = an_import(tenant, status=Status.PROCESSING, upload_expires_at=100, deadline_at=200)
    imports.add(import_)

    with pytest.raises(InterruptedError):
        crashing(aws, changes_left).change(tenant, import_.import_id, ImportChange(to=Status.FAILED, at=50))

    assert owed(imports, tenant) == ([import_.import_id] if is_ended else [])
    assert (imports.find(tenant, import_.import_id) or import_).is_final is is_ended


@pytest.mark.parametrize("changes_left", [0, 1])
def test_a_crash_while_marking_leaves_it_pending_or_published(aws: Aws, tenant: TenantId, changes_left: int) -> None:
    imports, _ = whole(aws)
    import_ = an_import(tenant, status=Status.PROCESSING)
    imports.add(import_)
    done = imports.change(tenant, import_.import_id, ImportChange(to=Status.FAILED, at=50))
    assert done is not None

    with pytest.raises(InterruptedError):
        crashing(aws, changes_left).mark_published(done)

    assert owed(imports, tenant) == ([import_.import_id] if changes_left == 0 else [])


def test_what_is_left_of_endings_that_never_were_is_cleared_away(aws: Aws, tenant: TenantId) -> None:
    imports, _ = whole(aws)
    marks = DueIndex(control(aws), DueKind.UNPUBLISHED_IMPORT)
    marks.put(DueEntry(100, tenant, an_import_id()))

    assert owed(imports, tenant, before=100 + 20 * 60) == []
    assert [one.due_at for one in marks.each_before(LATER) if one.tenant_id == tenant] == [100]
    assert owed(imports, tenant, before=101 + 20 * 60) == []
    assert [one for one in marks.each_before(LATER) if one.tenant_id == tenant] == []
