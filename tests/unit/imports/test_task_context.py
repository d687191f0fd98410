"""Ids of the records that rows make."""

from chalicelib.imports.task_context import TaskContext
from chalicelib.imports.workspace import Workspace
from chalicelib.model.catalogue import RESOURCES
from chalicelib.model.ids import derived_id
from chalicelib.model.limits import DEFAULT_LIMITS
from chalicelib.model.rows import Draft
from tests.import_world import ImportWorld


def test_a_row_makes_the_record_it_names_or_one_derived_from_import_and_row() -> None:
    world = ImportWorld()
    import_ = world.queue("name\nJane\n")
    context = TaskContext(
        import_=import_,
        resource=RESOURCES["customers"],
        stores=world.stores,
        workspace=Workspace(world.stores.files, import_, attempt_id="try"),
        limits=DEFAULT_LIMITS,
        now=world.clock,
    )
    keys = {1: ["email:0a"], 2: ["id:mine", "email:0b"], 3: []}

    ids = context.new_record_ids([Draft(number, number, {}, of) for number, of in keys.items()])

    assert ids == [derived_id("cus", import_.import_id, 1), "mine", derived_id("cus", import_.import_id, 3)]
