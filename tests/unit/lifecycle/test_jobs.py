"""What imports and exports do alike."""

import pytest

from chalicelib.errors import Conflict, NotFound, Retryable
from chalicelib.exports.lifecycle import EXPORTS
from chalicelib.imports.lifecycle import IMPORTS
from chalicelib.model.exports import ExportStatus
from chalicelib.model.imports import Status
from chalicelib.model.status_changes import ExportChange, ImportChange
from chalicelib.stores.memory import MemoryEvents
from tests.world import NOW, World, an_export, an_import


@pytest.mark.parametrize("text", ["", "a/b", "x" * 65, "imp\n"])
def test_a_text_that_cannot_be_an_id_is_not_found(text: str) -> None:
    with pytest.raises(NotFound):
        IMPORTS.check_id(text)


def test_a_final_status_is_published_at_once() -> None:
    world = World()
    import_ = world.add_import(Status.PROCESSING)

    ended = IMPORTS.change_status(world.stores, import_, ImportChange(to=Status.FAILED, at=NOW))

    assert ended is not None
    assert isinstance(world.stores.events, MemoryEvents)
    assert [event.job_id for event in world.stores.events.published] == [import_.import_id]
    assert world.stored_import(import_).unpublished_since is None


def test_a_change_that_is_not_allowed_changes_nothing() -> None:
    world = World()
    import_ = world.add_import(Status.COMPLETED)

    assert IMPORTS.change_status(world.stores, import_, ImportChange(to=Status.FAILED, at=NOW)) is None
    assert world.stored_import(import_) == import_


def test_canceling_again_changes_nothing_and_canceling_what_has_ended_conflicts() -> None:
    world = World()
    world.stores.exports.add(an_export(ExportStatus.CANCELED))
    cancel = ExportChange(to=ExportStatus.CANCELED, at=NOW)

    again = EXPORTS.cancel(world.context, world.caller(), an_export().export_id, cancel)

    assert again.status is ExportStatus.CANCELED
    world.add_import(Status.COMPLETED)
    with pytest.raises(Conflict, match="has ended already: completed"):
        IMPORTS.cancel(world.context, world.caller(), an_import().import_id, ImportChange(to=Status.CANCELING, at=NOW))


def test_a_job_whose_event_is_pending_is_not_deleted() -> None:
    world = World()
    import_ = world.add_import(Status.FAILED, unpublished_since=NOW)
    assert isinstance(world.stores.events, MemoryEvents)
    world.stores.events.raises = Retryable("the bus is down")

    with pytest.raises(Retryable):
        IMPORTS.delete(world.context, world.caller(), import_.import_id)

    assert world.stored_import(import_) == import_
