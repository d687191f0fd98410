"""Filters on references take every identity of the record named, as imports do."""

from collections.abc import Iterable

import pytest

from chalicelib.exports.record_filter import with_record_ids
from chalicelib.model.catalogue import RESOURCES
from chalicelib.model.filters import EVERYTHING, Condition, Filter, Group, LogicalOperator, Operator
from chalicelib.model.ids import ImportId, RecordId
from chalicelib.model.records import Stamp, Write
from chalicelib.model.rows import Fields, Outcome
from chalicelib.schema.identity import identity_keys
from chalicelib.schema.references import ReferenceLookUps
from tests.export_world import ExportWorld
from tests.world import NOW, OURS


def write(world: ExportWorld, resource: str, fields: Fields) -> None:
    one = Write(
        record_id=RecordId(str(fields["id"])),
        before=None,
        fields={name: value for name, value in fields.items() if name != "id"},
        stamp=Stamp(ImportId("imp_before"), next(world.numbers), Outcome.CREATED),
        claims=tuple(identity_keys(RESOURCES[resource], fields)[1:]),
    )
    world.stores.records.write_many(OURS, resource, [one], now_ms=(NOW - 3600) * 1000)


@pytest.fixture
def world() -> ExportWorld:
    world = ExportWorld()
    write(world, "customers", {"id": "cus_1", "name": "Jane", "email": "jane@example.com"})
    write(world, "tickets", {"id": "tkt_1", "title": "Help", "customerId": "cus_1"})
    write(world, "tickets", {"id": "tkt_2", "title": "Thanks", "customerId": "cus_2"})
    return world


@pytest.mark.parametrize(
    ("operator", "value", "found"),
    [
        (Operator.EQ, "jane@example.com", ["tkt_1"]),
        (Operator.EQ, "cus_1", ["tkt_1"]),
        (Operator.IN, ["Jane@Example.com", "cus_2"], ["tkt_1", "tkt_2"]),
        (Operator.NE, "jane@example.com", ["tkt_2"]),
        (Operator.EQ, "bob@example.com", []),
    ],
)
def test_an_export_finds_tickets_by_their_customer(
    world: ExportWorld, operator: Operator, value: object, found: list[str]
) -> None:
    export = world.run(resource="tickets", fields=("id",), filter=Condition("customerId", operator, value))

    assert sorted(row["id"] for row in world.rows(export, "json")) == found


TICKETS = RESOURCES["tickets"]
[JANE] = identity_keys(RESOURCES["customers"], {"email": "jane@example.com"})


def claims(resource: str, keys: Iterable[str]) -> dict[str, RecordId]:
    return {key: RecordId("cus_1") for key in keys if (resource, key) == ("customers", JANE)}


LOOK_UPS = ReferenceLookUps(claims, lambda resource, keys: {})


def of_customer(value: object, operator: Operator = Operator.EQ) -> Condition:
    return Condition("customerId", operator, value)


@pytest.mark.parametrize(
    ("given", "resolved"),
    [
        pytest.param(of_customer("JANE@example.com"), of_customer("cus_1"), id="equal"),
        pytest.param(of_customer("jane@example.com", Operator.NE), of_customer("cus_1", Operator.NE), id="unequal"),
        pytest.param(
            of_customer("jane@example.com,cus_2", Operator.IN),
            of_customer(["cus_1", "cus_2"], Operator.IN),
            id="one of several",
        ),
        pytest.param(of_customer("bob@example.com"), of_customer("bob@example.com"), id="nobody"),
        pytest.param(of_customer(None), of_customer(None), id="none"),
        pytest.param(of_customer("jane", Operator.CONTAINS), of_customer("jane", Operator.CONTAINS), id="a part"),
        pytest.param(
            Condition("title", Operator.EQ, "jane@example.com"),
            Condition("title", Operator.EQ, "jane@example.com"),
            id="no reference",
        ),
        pytest.param(
            Group(LogicalOperator.NOT, (of_customer("jane@example.com"), EVERYTHING)),
            Group(LogicalOperator.NOT, (of_customer("cus_1"), EVERYTHING)),
            id="within groups",
        ),
    ],
)
def test_a_name_becomes_the_id_of_its_record(given: Filter, resolved: Filter) -> None:
    assert with_record_ids(given, TICKETS, LOOK_UPS) == resolved
