"""Items say of which schema version they are: what newer code has written is not read, and not changed."""

from typing import Any

import pytest

from chalicelib.errors import NewerSchema
from chalicelib.model.ids import TenantId
from chalicelib.stores.dynamodb.job_items import ATTRIBUTE, SCHEMA_VERSION
from tests.contract.stores.conftest import Aws
from tests.contract.stores.test_due_imports import control
from tests.contract.stores.test_jobs import EXPORTS, IMPORTS, LATER, Jobs, on

BOTH = pytest.mark.parametrize("jobs", [IMPORTS, EXPORTS], ids=lambda jobs: jobs.store)


def pk_of(jobs: Jobs, tenant: TenantId, job: Any) -> str:
    return f"{jobs.store.removesuffix('s').upper()}#{tenant}#{jobs.id_of(job)}"


def as_newer_code_writes(aws: Aws, pk: str) -> None:
    changed = control(aws).set(pk, {ATTRIBUTE: SCHEMA_VERSION + 1}, condition="attribute_exists(#pk)", parameters={})
    assert changed is not None


@BOTH
def test_what_is_added_says_its_version_and_what_says_none_is_of_the_first(
    jobs: Jobs, aws: Aws, tenant: TenantId
) -> None:
    store, table = on(aws, jobs), control(aws)
    job = jobs.add(store, tenant)
    pk = pk_of(jobs, tenant, job)

    stored = table.find(pk)
    table.set(pk, {ATTRIBUTE: None}, condition="attribute_exists(#pk)", parameters={})

    assert stored is not None
    assert stored[ATTRIBUTE] == SCHEMA_VERSION
    assert store.find(tenant, jobs.id_of(job)) == job


@BOTH
def test_what_newer_code_has_written_is_neither_read_nor_changed(jobs: Jobs, aws: Aws, tenant: TenantId) -> None:
    store = on(aws, jobs)
    job = jobs.add(store, tenant)
    as_newer_code_writes(aws, pk_of(jobs, tenant, job))
    before = control(aws).find(pk_of(jobs, tenant, job))

    with pytest.raises(NewerSchema, match=f"schema version {SCHEMA_VERSION + 1}; this code knows {SCHEMA_VERSION}"):
        store.find(tenant, jobs.id_of(job))
    with pytest.raises(NewerSchema):
        jobs.end(store, tenant, job)

    assert control(aws).find(pk_of(jobs, tenant, job)) == before


@BOTH
def test_lists_go_on_without_what_newer_code_has_written(jobs: Jobs, aws: Aws, tenant: TenantId) -> None:
    store = on(aws, jobs)
    newer, known = jobs.add(store, tenant), jobs.add(store, tenant)
    as_newer_code_writes(aws, pk_of(jobs, tenant, newer))

    page = store.list_page(tenant, page=1, per_page=10)

    assert [jobs.id_of(one) for one in page.entries] == [jobs.id_of(known)]
    assert page.total == 2


@BOTH
def test_events_of_others_are_published_and_those_of_newer_code_stay_pending(
    jobs: Jobs, aws: Aws, tenant: TenantId
) -> None:
    store = on(aws, jobs)
    newer, known = (jobs.end(store, tenant, jobs.add(store, tenant), at=at) for at in (50, 60))
    as_newer_code_writes(aws, pk_of(jobs, tenant, newer))

    pending = jobs.pending(store, tenant)
    control(aws).set(pk_of(jobs, tenant, newer), {ATTRIBUTE: None}, condition="attribute_exists(#pk)", parameters={})

    assert pending == [jobs.id_of(known)]
    assert jobs.pending(store, tenant) == [jobs.id_of(newer), jobs.id_of(known)]


@BOTH
def test_what_newer_code_has_written_stays_due(jobs: Jobs, aws: Aws, tenant: TenantId) -> None:
    store = on(aws, jobs)
    job = jobs.add(store, tenant, deadline_at=100)
    as_newer_code_writes(aws, pk_of(jobs, tenant, job))

    assert [job_id for owner, job_id in store.each_due(LATER) if owner == tenant] == [jobs.id_of(job)]
