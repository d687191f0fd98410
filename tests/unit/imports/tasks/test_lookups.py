"""References are looked up where their keys can be kept, and nowhere else."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pytest

from chalicelib.imports.events import Event
from chalicelib.imports.tasks.lookups import missing_id_of, other_records, own_records
from chalicelib.model.catalogue import RESOURCES
from chalicelib.model.guard_rails import GuardRails, Tolerance
from chalicelib.model.ids import RecordId, TenantId
from chalicelib.model.limits import DEFAULT_LIMITS, Limits
from chalicelib.model.row_rules import RowRules
from chalicelib.stores.memory import MemoryRecords
from tests.import_world import TENANT, ImportWorld
from tests.task_contexts import started_context
from tests.world import an_import


class CountingRecords(MemoryRecords):
    """Remembers which match keys it was asked for, by resource."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: dict[str, set[str]] = {}

    def find_matches(self, tenant_id: TenantId, resource: str, keys: Iterable[str]) -> dict[str, tuple[RecordId, ...]]:
        wanted = set(keys)
        self.asked.setdefault(resource, set()).update(key.partition(":")[0] for key in wanted)
        return super().find_matches(tenant_id, resource, wanted)


class LaggingRecords(MemoryRecords):
    """Tells those who may lag what each claim was before `freeze`."""

    def __init__(self) -> None:
        super().__init__()
        self.lagged = 0
        self._before: dict[str, RecordId] = {}

    def freeze(self, world: ImportWorld, *keys: str) -> None:
        self._before = self.find_claims(TENANT, "customers", keys)
        self.lagged = 0

    def find_claims(
        self, tenant_id: TenantId, resource: str, keys: Iterable[str], *, may_lag: bool = False
    ) -> dict[str, RecordId]:
        if not may_lag:
            return super().find_claims(tenant_id, resource, keys)
        self.lagged += 1
        return {key: self._before[key] for key in keys if key in self._before}


IN_BATCHES = Limits(small_source_bytes=0)


def a_world(records: MemoryRecords, limits: Limits = DEFAULT_LIMITS) -> ImportWorld:
    world = ImportWorld(limits=limits)
    world.stores = replace(world.stores, records=records)
    world.machine = replace(world.machine, stores=world.stores)
    return world


def keys_looked_up_by(resource: str, source: str) -> dict[str, set[str]]:
    records = CountingRecords()
    a_world(records).run(source, resource=resource)
    return records.asked


def test_a_record_that_a_look_up_has_missed_is_found_by_the_write() -> None:
    records = LaggingRecords()
    world = a_world(records)
    records.freeze(world)
    world.run("name,email,external_id\nAnn,ann@x.com,X-1\n")

    import_ = world.run("name,email,external_id\nAnna,ann@x.com,X-1\nBob,bob@x.com,\n")

    assert (import_.stats.updated, import_.stats.created, import_.stats.failed) == (1, 1, 0)
    assert [one.fields["name"] for one in world.records()] == ["Anna", "Bob"]
    assert records.lagged == 2


def test_a_record_that_has_let_go_of_an_identity_is_not_meant_by_it() -> None:
    records = LaggingRecords()
    world = a_world(records)
    world.run("name,email,external_id\nAnn,old@x.com,X-1\n")
    held = world.records()[0].claims
    records.freeze(world, *held)
    world.run("email,external_id\nnew@x.com,X-1\n", action="update")

    import_ = world.run("name,email\nOther,old@x.com\n")

    assert import_.stats.created == 1
    assert sorted(str(one.fields["email"]) for one in world.records()) == ["new@x.com", "old@x.com"]


def test_a_row_fails_for_several_records_only_if_it_means_them_now() -> None:
    records = LaggingRecords()
    world = a_world(records)
    world.run("name,email,external_id\nAnn,ann@x.com,X-1\nBob,bob@x.com,X-2\n")
    records.freeze(world, *[claim for one in world.records() for claim in one.claims])
    world.run("email,external_id\nrob@x.com,X-2\n", action="update")
    world.run("email,external_id\nbob@x.com,X-1\n", action="update")

    import_ = world.run("name,email,external_id\nAnna,bob@x.com,X-1\n")

    assert (import_.stats.updated, import_.stats.failed) == (1, 0)


@pytest.mark.parametrize(
    ("options", "may_lag"),
    [
        pytest.param({"action": "merge"}, True, id="merge"),
        pytest.param({"action": "create"}, True, id="create"),
        pytest.param({"action": "update"}, False, id="update"),
        pytest.param({"action": "delete"}, False, id="delete"),
        pytest.param({"action": "overwrite"}, False, id="overwrite"),
        pytest.param({"is_preview": True}, False, id="preview"),
        pytest.param({"guard_rails": GuardRails(max_failed=Tolerance(count=1))}, False, id="guarded"),
        pytest.param({"rules": RowRules(match_by=("email",))}, False, id="matched as stated"),
        pytest.param({"rules": RowRules(matches_any_field=True)}, False, id="matched by any field"),
    ],
)
def test_look_ups_lag_only_where_a_write_finds_out(options: dict[str, Any], may_lag: bool) -> None:
    records = LaggingRecords()

    a_world(records).run("name,email\nAnn,ann@x.com\n", **options)

    assert (records.lagged > 0) is may_lag


def test_where_no_record_is_stored_a_large_import_looks_for_none() -> None:
    records = LaggingRecords()
    world = a_world(records, IN_BATCHES)
    world.run("name,email\nAnn,ann@x.com\n", resource="contacts")

    first = world.run("name,email\nAnn,ann@x.com\nBob,bob@x.com\n")
    asked_by_first = records.lagged
    records.freeze(world, *[claim for one in world.records() for claim in one.claims])
    again = world.run("name,email\nAnn,ann@x.com\nBob,bob@x.com\n")

    assert (first.stats.created, again.stats.unchanged) == (2, 2)
    assert asked_by_first == 0
    assert records.lagged > 0


def test_a_record_that_came_after_an_import_was_divided_is_found_by_the_write() -> None:
    world = a_world(MemoryRecords(), IN_BATCHES)
    divided = world.queue("name,email\nAnna,ann@x.com\nBob,bob@x.com\n")
    world.machine.plan(Event(tenant_id=TENANT, import_id=divided.import_id, attempt=1))
    world.run("name,email\nAnn,ann@x.com\n")

    import_ = world.run_queued(divided)

    assert (import_.stats.updated, import_.stats.created, import_.stats.failed) == (1, 1, 0)
    assert sorted(str(one.fields["name"]) for one in world.records()) == ["Anna", "Bob"]


def test_a_reference_by_identity_asks_for_no_match_fields() -> None:
    assert keys_looked_up_by("tickets", "title,customerId\nLate,cus_1\n") == {}


def test_a_reference_by_name_asks_for_names_alone() -> None:
    asked = keys_looked_up_by("contacts", "name,email,company_name\nAnn,ann@x.com,Acme Corp\n")

    assert asked == {"companies": {"name"}}


def test_only_references_that_the_import_may_create_get_an_id() -> None:
    wanted = RowRules(create_missing=("company_name",))
    contacts = {one.field: one for one in RESOURCES["contacts"].references}
    assets = {one.field: one for one in RESOURCES["assets"].references}
    import_ = an_import(rules=wanted)

    ids = [
        missing_id_of(one)(contacts["company_name"], "name:acme")
        for one in (import_, replace(import_, rules=RowRules()))
    ]

    assert str(ids[0]).startswith("com")
    assert ids[1] is None
    assert missing_id_of(import_)(assets["assigned_to"], "name:ann") is None


class LeftClaims(MemoryRecords):
    """Holds claims that no live record carries, as a crash leaves them."""

    def __init__(self) -> None:
        super().__init__()
        self.left: dict[str, RecordId] = {}

    def find_claims(
        self, tenant_id: TenantId, resource: str, keys: Iterable[str], *, may_lag: bool = False
    ) -> dict[str, RecordId]:
        wanted = list(keys)
        found = super().find_claims(tenant_id, resource, wanted, may_lag=may_lag)
        return found | {key: self.left[key] for key in wanted if key in self.left}


def test_looked_at_closely_a_claim_leads_to_a_live_record_that_carries_it_and_nowhere_else() -> None:
    records = LeftClaims()
    world = a_world(records)
    world.run("id,name,email\ncus_ann,Ann,ann@x.com\ncus_bob,Bob,bob@x.com\n")
    world.run("id\ncus_bob\n", action="delete")
    ann, bob = RecordId("cus_ann"), RecordId("cus_bob")
    records.left = {"email:old@x.com": ann, "email:ghost@x.com": RecordId("cus_ghost"), "id:cus_bob": bob}
    context = started_context(world, world.queue("name,email\nAnn,ann@x.com\n"))

    [held] = [one for one in world.records()[0].claims if one.startswith("email:")]
    found = own_records(context, closely=True).find([held, *records.left])

    assert found == {held: ann}


@pytest.mark.parametrize(
    ("is_in_request", "create_missing", "is_noted"),
    [(True, ("company_name",), True), (False, ("company_name",), False), (True, (), False)],
    ids=["in a request", "in tasks", "nothing is created"],
)
def test_what_references_mean_is_noted_inside_a_request_that_creates_what_is_missing(
    is_in_request: bool, create_missing: tuple[str, ...], is_noted: bool
) -> None:
    world = ImportWorld()
    world.run('[{"name": "Acme"}]', resource="companies")
    [acme] = world.records("companies")
    import_ = world.queue("name,email\nA,a@x.com\n", resource="contacts", rules=RowRules(create_missing=create_missing))
    context = started_context(world, import_)
    context = replace(context, held_state=context.state if is_in_request else None)

    found = other_records(context).matches("companies", acme.match_keys)

    assert {one for ids in found.values() for one in ids} == {acme.record_id}
    assert context.found_in_request == ({acme.record_id} if is_noted else set())
