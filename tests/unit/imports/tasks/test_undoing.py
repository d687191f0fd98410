"""What a write batch of an undo is decided by: the records as they are, their images, and earlier undos."""

from dataclasses import replace

import pytest

from chalicelib.errors import Fatal
from chalicelib.imports.service import delete
from chalicelib.imports.tasks.undoing import for_batch, get_undone
from chalicelib.imports.workspace import BATCHES_PER_SPLIT, UndoSplit
from chalicelib.model.ids import ImportId
from chalicelib.model.imports import Stats
from chalicelib.model.row_rules import RowRules
from tests.undoing import UndoWorld

CSV = "external_id,name\nX-1,Ann\nX-2,Bob\n"


def test_a_batch_is_about_the_resource_of_its_split() -> None:
    world = UndoWorld()
    context = world.machine._context(world.request_undo(world.run(CSV)))
    context.workspace.undo_plan.write([UndoSplit(resource="customers"), UndoSplit(resource="companies")])

    other = for_batch(context, BATCHES_PER_SPLIT)

    assert (other.import_.resource, other.resource.name) == ("companies", "companies")
    assert for_batch(context, 0).resource.name == "customers"


def test_any_other_import_is_about_its_own_resource() -> None:
    world = UndoWorld()
    context = world.machine._context(world.queue(CSV))

    assert for_batch(context, 5) is context


def test_an_import_that_is_gone_ends_its_undo() -> None:
    world = UndoWorld()
    context = world.machine._context(world.request_undo(world.run(CSV)))

    with pytest.raises(Fatal, match="imp_gone is gone"):
        get_undone(replace(context, import_=replace(context.import_, undo_of=ImportId("imp_gone"))))


def test_records_of_other_resources_are_undone_too() -> None:
    world = UndoWorld()
    world.run("name\nBeta\n", resource="companies")
    before = world.contents()
    source = "name,email,company_name\nAnn,ann@x.com,Acme\nBob,bob@x.com,Beta\n"
    import_ = world.run(source, resource="contacts", rules=RowRules(create_missing=("company_name",)))

    undo = world.undo(import_)

    assert {name: one for name, one in world.contents().items() if name != "contacts"} == before
    assert undo.stats == Stats(total=3, deleted=3)
    assert world.undo(undo).stats == Stats(total=3, created=3)
    assert {one.fields["name"] for one in world.records("companies")} == {"Acme", "Beta"}


def test_only_undos_of_the_same_import_have_reversed_it() -> None:
    world = UndoWorld()
    first = world.run(CSV)
    second = world.run("external_id,name\nX-1,Ann Newman\nX-2,Bob Newman\n")
    world.run("external_id,phone\nX-2,+15551234567\n")
    world.undo(second)

    assert world.undo(second).stats == Stats(total=2, unchanged=1, skipped=1)
    assert world.undo(first).stats == Stats(total=2, deleted=1, skipped=1)


def test_what_an_import_has_changed_that_was_deleted_is_kept() -> None:
    world = UndoWorld()
    first = world.run(CSV)
    later = world.run("external_id,name\nX-2,Bob Newman\n")
    delete(world.context, world.caller, later.import_id)

    assert world.undo(first).stats == Stats(total=2, deleted=1, skipped=1)
    assert [one.fields["name"] for one in world.records()] == ["Bob Newman"]
