"""Imports and exports from before the lists were counted are listed and counted once, and expire as all others do."""

from typing import Any

import pytest

from chalicelib.errors import NewerSchema
from chalicelib.model.ids import TenantId
from chalicelib.model.limits import DEFAULT_LIMITS
from chalicelib.model.retention import kept_until
from chalicelib.stores.dynamodb.attributes import ItemValues
from chalicelib.stores.dynamodb.job_items import ATTRIBUTE, SCHEMA_VERSION
from tests.contract.stores.conftest import Aws
from tests.contract.stores.test_due_imports import control
from tests.contract.stores.test_jobs import EXPORTS, IMPORTS, Jobs, on
from tests.contract.stores.test_schema_version import as_newer_code_writes, pk_of

BOTH = pytest.mark.parametrize("jobs", [IMPORTS, EXPORTS], ids=lambda jobs: jobs.store)
LACKED = ("list_pk", "list_sk", "kept_until", "expires_at", ATTRIBUTE)


def add_as_older_code_did(jobs: Jobs, aws: Aws, tenant: TenantId, **given: Any) -> Any:
    """An item in the list of its tenant, which the index has without any facet, and no counters."""
    table, job = control(aws), jobs.build(tenant, **given)
    assert on(aws, jobs).add(job)
    for pk, sk in counters_of(aws, jobs, tenant):
        table.remove(pk, sk)
    older = {"list_pk": f"{jobs.store.upper()}#{tenant}", "list_sk": f"1970-01-01T00:00:00#{jobs.id_of(job)}"}
    lacking = {**dict.fromkeys(LACKED), **older}
    table.set(pk_of(jobs, tenant, job), lacking, condition="attribute_exists(#pk)", parameters={})
    return job


def counters_of(aws: Aws, jobs: Jobs, tenant: TenantId) -> list[tuple[str, str]]:
    table = control(aws)
    pks = (f"{kind}COUNTS#{jobs.store.upper()}#{tenant}" for kind in ("DAY", "HOUR"))
    return [(one["pk"], one["sk"]) for pk in pks for one in table.each_of(pk)]


def stored(aws: Aws, jobs: Jobs, tenant: TenantId, job: Any) -> ItemValues:
    found = control(aws).find(pk_of(jobs, tenant, job))
    assert found is not None
    return found


def listed(aws: Aws, jobs: Jobs, tenant: TenantId) -> tuple[list[str], int]:
    page = on(aws, jobs).list_page(tenant, page=1, per_page=10)
    return [jobs.id_of(one) for one in page.entries], page.total


@BOTH
def test_an_older_job_is_listed_counted_and_expires_when_it_has_ended(jobs: Jobs, aws: Aws, tenant: TenantId) -> None:
    store = on(aws, jobs)
    job = add_as_older_code_did(jobs, aws, tenant, status=jobs.status("completed"))
    assert listed(aws, jobs, tenant) == ([], 0)

    item = stored(aws, jobs, tenant, job)
    outcome = store.lists.is_unlisted(item), store.lists.enlist(item)

    assert outcome == (True, True)
    assert listed(aws, jobs, tenant) == ([jobs.id_of(job)], 1)
    after = stored(aws, jobs, tenant, job)
    kept = kept_until(job.created_at, DEFAULT_LIMITS.job_retention_s)
    assert [after[name] for name in ("kept_until", "expires_at", ATTRIBUTE)] == [kept, kept, SCHEMA_VERSION]
    assert not store.lists.is_unlisted(after)


@BOTH
def test_an_older_job_that_is_at_work_ends_as_all_others_do_once_it_is_listed(
    jobs: Jobs, aws: Aws, tenant: TenantId
) -> None:
    job = add_as_older_code_did(jobs, aws, tenant, status=jobs.status("processing"))
    on(aws, jobs).lists.enlist(stored(aws, jobs, tenant, job))

    jobs.end(on(aws, jobs), tenant, job)

    assert on(aws, jobs).count_statuses(tenant, since=0) == {jobs.status("completed"): 1}
    assert stored(aws, jobs, tenant, job)["expires_at"] == kept_until(job.created_at, DEFAULT_LIMITS.job_retention_s)


@BOTH
def test_one_that_has_changed_since_it_was_read_is_left_for_the_next_time(
    jobs: Jobs, aws: Aws, tenant: TenantId
) -> None:
    store = on(aws, jobs)
    job = add_as_older_code_did(jobs, aws, tenant, status=jobs.status("completed"))
    read = stored(aws, jobs, tenant, job)
    on(aws, jobs).rename(tenant, jobs.id_of(job), "renamed", by="key_1", at=60)

    first, again = store.lists.enlist(read), store.lists.enlist(stored(aws, jobs, tenant, job))

    assert (first, again) == (False, True)
    assert listed(aws, jobs, tenant) == ([jobs.id_of(job)], 1)


@BOTH
def test_a_job_of_today_is_left_alone_and_one_of_newer_code_is_named(jobs: Jobs, aws: Aws, tenant: TenantId) -> None:
    store = on(aws, jobs)
    today, newer = jobs.add(on(aws, jobs), tenant), jobs.add(on(aws, jobs), tenant)
    as_newer_code_writes(aws, pk_of(jobs, tenant, newer))

    assert not store.lists.is_unlisted(stored(aws, jobs, tenant, today))
    with pytest.raises(NewerSchema, match="schema version"):
        store.lists.is_unlisted(stored(aws, jobs, tenant, newer))
