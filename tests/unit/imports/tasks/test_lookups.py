"""References are looked up where their keys can be kept, and nowhere else."""

from collections.abc import Iterable
from dataclasses import replace

from chalicelib.imports.tasks.lookups import missing_id_of
from chalicelib.model.catalogue import RESOURCES
from chalicelib.model.ids import RecordId, TenantId
from chalicelib.model.row_rules import RowRules
from chalicelib.stores.memory import MemoryRecords
from tests.import_world import ImportWorld
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


def keys_looked_up_by(resource: str, source: str) -> dict[str, set[str]]:
    world, records = ImportWorld(), CountingRecords()
    world.stores = replace(world.stores, records=records)
    world.machine = replace(world.machine, stores=world.stores)
    world.run(source, resource=resource)
    return records.asked


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
