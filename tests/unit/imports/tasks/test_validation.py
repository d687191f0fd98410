"""Where validation has nothing to look at, the drafts of transforming are its own: nobody writes them again."""

import pytest

from chalicelib.imports.events import Event, GateEvent, TaskEvent
from chalicelib.imports.workspace import Workspace
from chalicelib.model.phases import PhaseName, phases_until
from tests.import_world import TENANT, ImportWorld

SOURCE = "title,email,name\nA,a@x.com,Ann\nB,b@x.com,Bob\nC,not an address,Cid\nD,a@x.com,Ann again\n"


@pytest.mark.parametrize("resource", ["customers", "contacts", "tickets"])
def test_validation_passes_on_the_drafts_of_transforming(resource: str) -> None:
    world = ImportWorld()
    import_ = world.queue(SOURCE, resource=resource)
    ids = Event(tenant_id=TENANT, import_id=import_.import_id, attempt=1).model_dump()
    world.machine.plan(Event(**ids))

    for phase in phases_until(PhaseName.VALIDATION):
        world.machine.run_task(TaskEvent(**ids, phase=phase, task=0))
        world.machine.close_phase(GateEvent(**ids, phase=phase))

    workspace = Workspace(world.stores.files, import_, attempt_id="reader")
    drafts = [*workspace.each_draft(PhaseName.VALIDATION, 0)]
    result = world.stores.results.find_result(import_.import_id, 1, PhaseName.VALIDATION, 0)
    assert drafts == [*workspace.each_draft(PhaseName.TRANSFORMING, 0)]
    assert drafts
    assert result is not None
    assert (result.entered, result.left) == (len(drafts), 0)


@pytest.mark.parametrize(
    ("handling", "updated", "skipped", "name"), [("use_first", 1, 1, "Anna"), ("ignore_all", 0, 2, "Ann")]
)
def test_where_nothing_is_referred_to_rows_that_mean_one_record_are_skipped_all_the_same(
    handling: str, updated: int, skipped: int, name: str
) -> None:
    world = ImportWorld()
    world.run("name,email,external_id\nAnn,ann@x.com,X-1\n")

    import_ = world.run("name,email,external_id\nAnna,ann@x.com,\nAnnie,,X-1\n", duplicate_handling=handling)

    assert (import_.stats.updated, import_.stats.skipped) == (updated, skipped)
    assert [one.fields["name"] for one in world.records()] == [name]
