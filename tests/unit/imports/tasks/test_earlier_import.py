"""A source that is the errors file of an earlier import is read as that one was."""

from collections.abc import Mapping
from typing import Any

import pytest

from chalicelib.formats import Table
from chalicelib.formats.blocks import block_of
from chalicelib.formats.registry import Format
from chalicelib.imports.tasks.earlier_import import EarlierImport, find_earlier_import
from chalicelib.model.error_columns import IMPORT
from chalicelib.model.ids import ImportId, TenantId
from chalicelib.model.imports import Action, Import
from chalicelib.model.notations import DateOrder, Notation, SourceNotations
from chalicelib.model.row_rules import RowRules
from chalicelib.model.rows import Row
from chalicelib.stores.memory.imports import MemoryImports
from tests.import_world import TENANT, ImportWorld
from tests.world import an_import

OTHER = TenantId("6f1c2a4e-0000-4000-8000-000000000002")


class SilentImports(MemoryImports):
    """Imports that nobody looks for."""

    def find(self, tenant_id: TenantId, import_id: ImportId) -> Import | None:
        raise AssertionError(f"{import_id!r} was looked for")


def an_earlier_import(world: ImportWorld) -> Import:
    """An import whose dates have the day first, as its first row proves."""
    source = "Kunde,email,since\nAnn,ann@x.com,31/12/2023\nBen,ben@,01/02/2024\n"
    return world.run(source, column_mapping={"name": "Kunde", "notes": "Gone"})


def a_table(import_id: str, *headers: str) -> Table:
    row = Row(1, 2, [*["x"] * len(headers), import_id])
    return Table(format=Format.CSV, blocks=iter([block_of([row], 10)]), headers=(*headers, IMPORT))


def objects(given: Mapping[str, object]) -> Table:
    return Table(format=Format.JSON, blocks=iter([block_of([Row(1, 1, given)], 10)]))


def found(
    world: ImportWorld, table: Table, *, tenant_id: TenantId = TENANT, resource: str = "customers"
) -> EarlierImport:
    return find_earlier_import(world.stores.imports, tenant_id, resource, table)


def test_the_first_row_names_the_import() -> None:
    world = ImportWorld()
    earlier = an_earlier_import(world)

    from_table = found(world, a_table(earlier.import_id, "Kunde"))
    from_objects = found(world, objects({IMPORT: f" {earlier.import_id} "}))

    assert (from_table.earlier, from_objects.earlier) == (earlier, earlier)
    assert [row.number for row in from_table.table.rows] == [1]


def test_its_mapping_holds_for_the_headers_that_are_still_there() -> None:
    world = ImportWorld()
    earlier = an_earlier_import(world)

    assert found(world, a_table(earlier.import_id, "Kunde")).column_mapping == {"name": "Kunde"}
    assert found(world, objects({IMPORT: earlier.import_id})).column_mapping == earlier.column_mapping


@pytest.mark.parametrize("value", ["imp_none", "", 7, "x" * 1_000])
def test_what_names_no_import_is_a_source_of_its_own(value: object) -> None:
    world = ImportWorld()
    an_earlier_import(world)

    assert found(world, objects({IMPORT: value})).earlier is None
    assert found(world, Table(format=Format.CSV, blocks=iter([]), headers=("name", IMPORT))).earlier is None
    assert found(world, Table(format=Format.CSV, blocks=iter([]), headers=("name",))).column_mapping == {}


@pytest.mark.parametrize("value", ["", "x" * 1_000, "\ud800", "imp_\x00", "会"])
def test_what_cannot_be_an_id_is_not_looked_for(value: str) -> None:
    """A store cannot even be asked for half of a character."""
    imports = SilentImports(clock=lambda: 0)

    assert find_earlier_import(imports, TENANT, "customers", objects({IMPORT: value})).earlier is None


def test_imports_of_other_tenants_and_resources_are_not_looked_into() -> None:
    world = ImportWorld()
    earlier = an_earlier_import(world)

    assert found(world, objects({IMPORT: earlier.import_id}), tenant_id=OTHER).earlier is None
    assert found(world, objects({IMPORT: earlier.import_id}), resource="contacts").earlier is None


def test_what_its_columns_have_proven_holds_unless_it_is_stated_otherwise() -> None:
    world = ImportWorld()
    earlier = an_earlier_import(world)
    again = found(world, a_table(earlier.import_id, "Kunde", "email", "since"))
    stated = SourceNotations(stated=Notation(date_order=DateOrder.MONTH_FIRST))

    proven = again.notations(world.stores.files, SourceNotations())
    overruled = again.notations(world.stores.files, stated)

    assert proven.of("customer_since").date_order is DateOrder.DAY_FIRST
    assert [one.is_reported for one in proven.decided.values()] == [False]
    assert overruled.of("customer_since").date_order is DateOrder.MONTH_FIRST
    assert EarlierImport(again.table).notations(world.stores.files, stated) is stated


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({}, []),
        ({"location_id": "Berlin"}, ["location_id"]),
        ({"location_id": "Berlin", "action": Action.CREATE}, ["action, location_id"]),
        ({"rules": RowRules(match_by=("email",))}, ["match_by"]),
    ],
)
def test_options_are_told_that_differ_from_those_of_the_earlier_import(
    options: dict[str, Any], told: list[str]
) -> None:
    earlier = EarlierImport(objects({}), an_import(import_id="imp_earlier"))

    assert [one.facts["options"] for one in earlier.findings(an_import(**options))] == told
