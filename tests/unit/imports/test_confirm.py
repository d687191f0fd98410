"""What can be confirmed, until when, and how often."""

from dataclasses import replace

import pytest

from chalicelib.errors import Conflict
from chalicelib.imports.confirm import confirm
from chalicelib.model.children import Occupation
from chalicelib.model.ids import ImportId, TenantId
from chalicelib.model.imports import Import, Status
from chalicelib.stores.memory import MemoryImports
from tests.world import NOW, OURS, World, an_import

UNTIL = NOW + 100


def a_preview(status: Status = Status.COMPLETED, **fields: object) -> tuple[World, Import]:
    world = World()
    fields = {"is_preview": True, "confirm_until": UNTIL} | fields
    return world, world.add_import(status, "imp_preview", **fields)


def refusal_of(world: World, preview: Import) -> str:
    with pytest.raises(Conflict) as refused:
        confirm(world.context, world.caller(), preview.import_id)
    return refused.value.code


def test_a_preview_becomes_an_import_of_which_both_know() -> None:
    world, preview = a_preview()

    child = confirm(world.context, world.caller(), preview.import_id)

    assert (child.status, child.preview_of, child.is_preview) == (Status.QUEUED, preview.import_id, False)
    stored = world.stored_import(preview)
    assert (stored.confirmed_as, stored.busy_with) == (child.import_id, child.import_id)


@pytest.mark.parametrize(
    ("status", "fields", "code"),
    [
        pytest.param(Status.PROCESSING, {}, "not_ended", id="still at work"),
        pytest.param(Status.COMPLETED, {"confirmed_as": "imp_x"}, "already_confirmed", id="confirmed"),
        pytest.param(Status.COMPLETED, {"is_preview": False}, "not_confirmable", id="no preview"),
        pytest.param(Status.FAILED, {}, "not_confirmable", id="failed"),
        pytest.param(Status.COMPLETED, {"busy_with": "imp_x"}, "import_busy", id="busy"),
        pytest.param(Status.COMPLETED, {"confirm_until": NOW}, "preview_expired", id="too late by a moment"),
        pytest.param(Status.COMPLETED, {"confirm_until": None}, "preview_expired", id="never to be confirmed"),
    ],
)
def test_anything_else_is_refused_and_makes_nothing(status: Status, fields: dict[str, object], code: str) -> None:
    world, preview = a_preview(status, **fields)

    assert refusal_of(world, preview) == code
    assert world.stores.imports.list_page(OURS, page=1, per_page=10).total == 1


def test_until_its_last_moment_it_can_be_confirmed() -> None:
    world, preview = a_preview()
    world.now = UNTIL - 1

    assert confirm(world.context, world.caller(), preview.import_id).status is Status.QUEUED


def test_a_request_that_is_repeated_goes_on_with_its_child() -> None:
    world, preview = a_preview()
    once = replace(world.context, new_id=lambda prefix: f"{prefix}_same")

    first = confirm(once, world.caller(), preview.import_id)
    again = confirm(once, world.caller(), preview.import_id)

    assert first.import_id == again.import_id


class OvertakenImports(MemoryImports):
    """Something happens to a preview right before it is made busy."""

    is_free_again = False

    def occupy(self, tenant_id: TenantId, import_id: ImportId, occupation: Occupation) -> None:
        other = replace(occupation, busy_with=ImportId("imp_other"), values={"confirmed_as": "imp_other"})
        assert super().occupy(OURS, ImportId("imp_preview"), other)
        if self.is_free_again:
            self._imports[OURS, ImportId("imp_preview")] = an_import(
                Status.COMPLETED, "imp_preview", is_preview=True, confirm_until=UNTIL
            )


@pytest.mark.parametrize(("changed_back", "code"), [(False, "already_confirmed"), (True, "import_busy")])
def test_a_preview_that_another_request_was_faster_with_is_refused(changed_back: bool, code: str) -> None:
    world, _ = a_preview()
    imports = OvertakenImports(clock=lambda: world.now)
    imports.is_free_again = changed_back
    world.context = replace(world.context, stores=replace(world.stores, imports=imports))
    preview = an_import(Status.COMPLETED, "imp_preview", is_preview=True, confirm_until=UNTIL)
    assert imports.add(preview)

    assert refusal_of(world, preview) == code
