"""What `Imports.change` promises: one conditional step on the table of predecessors."""

from dataclasses import replace

import pytest

from chalicelib.model.ids import TenantId
from chalicelib.model.imports import FINAL, PhaseProgress, Source, Stats, Status, UploadMode
from chalicelib.model.phases import PhaseName
from chalicelib.model.status_changes import ImportChange
from chalicelib.stores.interfaces import Stores
from tests.contract.stores.builders import an_import, an_import_id

ALLOWED = {
    ("requested", "queued"),
    ("requested", "canceling"),
    ("requested", "failed"),
    ("requested", "expired"),
    ("queued", "processing"),
    ("queued", "canceling"),
    ("queued", "failed"),
    ("queued", "timed_out"),
    ("processing", "canceling"),
    ("processing", "completed"),
    ("processing", "failed"),
    ("processing", "timed_out"),
    ("canceling", "canceled"),
    ("canceling", "failed"),
}


@pytest.mark.parametrize("to", Status)
@pytest.mark.parametrize("from_", Status)
def test_a_status_follows_its_predecessors_only(stores: Stores, tenant: TenantId, from_: Status, to: Status) -> None:
    import_ = an_import(tenant, status=from_)
    stores.imports.add(import_)

    changed = stores.imports.change(tenant, import_.import_id, ImportChange(to=to, at=9))

    owed = 9 if to in FINAL else None
    at = {"updated_at": 9, "unpublished_since": owed, "queued_at": 9 if to is Status.QUEUED else None}
    after = replace(import_, status=to, **at) if (from_, to) in ALLOWED else None  # type: ignore[arg-type]
    assert changed == after
    assert stores.imports.find(tenant, import_.import_id) == (after or import_)


def test_a_change_writes_what_it_carries_and_leaves_the_rest(stores: Stores, tenant: TenantId) -> None:
    import_ = an_import(
        tenant, status=Status.PROCESSING, name="kept", created_by="ann", updated_by="ann", deadline_at=99
    )
    stores.imports.add(import_)
    written = {
        "reason": "because",
        "source": Source(key="k", size_bytes=3),
        "started_at": 7,
        "ended_at": 8,
        "phases": (PhaseProgress(name=PhaseName.CLEANUP, mode=UploadMode.SYNC),),
        "stats": Stats(total=4, failed=4),
        "has_upload_file": True,
        "has_errors_file": True,
    }

    changed = stores.imports.change(
        tenant,
        import_.import_id,
        ImportChange(to=Status.FAILED, at=9, by="bob", attempt=1, **written),  # type: ignore[arg-type]  # a mapping of mixed values
    )

    after = replace(import_, status=Status.FAILED, updated_at=9, updated_by="bob", unpublished_since=9, **written)  # type: ignore[arg-type]  # as above
    assert changed == after
    assert stores.imports.find(tenant, import_.import_id) == after


@pytest.mark.parametrize(("meant", "is_done"), [(1, False), (2, True), (3, False), (None, True)])
def test_a_change_may_be_meant_for_one_attempt(
    stores: Stores, tenant: TenantId, meant: int | None, is_done: bool
) -> None:
    import_ = an_import(tenant, status=Status.PROCESSING, attempt=2)
    stores.imports.add(import_)

    changed = stores.imports.change(tenant, import_.import_id, ImportChange(to=Status.COMPLETED, at=9, attempt=meant))

    assert (changed is not None) is is_done


def test_an_absent_import_is_not_changed(stores: Stores, tenant: TenantId) -> None:
    assert stores.imports.change(tenant, an_import_id(), ImportChange(to=Status.QUEUED, at=9)) is None
