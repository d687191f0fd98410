"""Exports that are asked for, shown, canceled and deleted."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, cast

import pytest

from chalicelib.errors import Conflict, NotFound, Retryable
from chalicelib.exports import service
from chalicelib.exports.request import ExportRequest
from chalicelib.formats.registry import Format
from chalicelib.model.exports import Export, ExportFile, ExportStatus, FilePart
from chalicelib.model.ids import ExportId
from chalicelib.model.list_filters import ExportFilter
from chalicelib.stores.memory import MemoryEvents, MemoryExportExecutions
from tests.export_world import ExportWorld, run_export
from tests.world import NOW, OURS, THEIRS, World, an_export

ID = ExportId("exp_1")
FILE = ExportFile(
    format="csv",
    key=f"results/{OURS}/exp_1/try/exp_1.csv",
    filename="exp_1.csv",
    content_type="text/csv",
    rows=1,
    size_bytes=2,
    parts=(FilePart(key="k", rows=1, size_bytes=2, sha256="ab"),),
)


def export_request(**given: Any) -> ExportRequest:
    return ExportRequest(**({"dialect": "packagex", "resource": "contact"} | given))


def ask(world: World, *, export_id: ExportId | None = None, **given: Any) -> Export:
    return service.request_export(world.context, world.caller(), export_request(**given), export_id=export_id)


def started(world: World) -> list[str]:
    assert isinstance(world.stores.export_executions, MemoryExportExecutions)
    return list(world.stores.export_executions.started)


def test_an_export_is_queued_and_its_machine_started() -> None:
    world = World()

    export = ask(world, fields=("name", "id", "name"))

    assert export == world.stores.exports.find(OURS, export.export_id)
    assert (export.status, export.resource, export.deadline_at) == (ExportStatus.QUEUED, "contacts", NOW + 6 * 3600)
    assert export.selection.fields == ("name", "id")
    assert started(world) == [export.export_id]


def test_an_export_with_an_id_of_its_own_is_made_once() -> None:
    world = World()

    first = ask(world, export_id=ID)
    second = ask(world, export_id=ID, name="another name")

    assert (first, second.name, started(world)) == (second, None, [ID])


def test_a_request_that_died_before_the_start_is_taken_up_by_the_next() -> None:
    world = World()
    world.stores.exports.add(an_export())

    ask(world, export_id=ID)

    assert started(world) == [ID]


def test_what_was_made_and_deleted_is_not_made_again() -> None:
    world = World()
    world.stores.exports.add(an_export(ExportStatus.FAILED))
    service.delete(world.context, world.caller(), ID)

    with pytest.raises(Conflict):
        ask(world, export_id=ID)


class Broken(MemoryExportExecutions):
    def start(self, export: Export) -> None:
        raise Retryable("no machine")


def test_an_export_whose_machine_does_not_start_has_failed() -> None:
    world = World()
    world.context = replace(world.context, stores=replace(world.stores, export_executions=Broken()))

    with pytest.raises(Retryable):
        ask(world)

    (stored,) = world.stores.exports.list_page(OURS, page=1, per_page=9).entries
    assert (stored.status, stored.reason) == (ExportStatus.FAILED, "not_started: the export could not be started.")


def test_an_export_that_will_be_asked_for_again_stays_queued_until_its_machine_starts() -> None:
    world = World()
    broken = replace(world.context, stores=replace(world.stores, export_executions=Broken()))
    healthy, world.context = world.context, broken

    with pytest.raises(Retryable):
        ask(world, export_id=ID)
    world.context = healthy
    again = ask(world, export_id=ID)

    assert again.status is ExportStatus.QUEUED
    assert isinstance(world.stores.export_executions, MemoryExportExecutions)
    assert list(world.stores.export_executions.started) == [ID]


Deed = Callable[[World, ExportId], object]
DEEDS: dict[str, Deed] = {
    "show": lambda world, id_: service.get_export(world.context, world.caller(THEIRS), id_),
    "rename": lambda world, id_: service.rename(world.context, world.caller(THEIRS), id_, "mine"),
    "cancel": lambda world, id_: service.cancel(world.context, world.caller(THEIRS), id_),
    "delete": lambda world, id_: service.delete(world.context, world.caller(THEIRS), id_),
}


@pytest.mark.parametrize("deed", DEEDS)
def test_what_belongs_to_others_is_not_found(deed: str) -> None:
    world = World()
    world.stores.exports.add(an_export())

    with pytest.raises(NotFound) as refusal:
        DEEDS[deed](world, ID)

    assert refusal.value.code == "export_not_found"
    assert world.stores.exports.find(OURS, ID) == an_export()


@pytest.mark.parametrize("text", ["", "no.id", "../imp", "e" * 65])
def test_what_can_be_no_id_is_not_found(text: str) -> None:
    with pytest.raises(NotFound):
        service.to_export_id(text)


@pytest.mark.parametrize("status", [ExportStatus.QUEUED, ExportStatus.PROCESSING])
def test_a_cancel_ends_an_export_at_once_and_stops_its_machine(status: ExportStatus) -> None:
    world = World()
    world.stores.exports.add(an_export(status))
    world.stores.export_executions.start(an_export())

    canceled = service.cancel(world.context, world.caller(), ID)
    again = service.cancel(world.context, world.caller(), ID)

    assert replace(canceled, unpublished_since=None) == again
    assert (canceled.status, canceled.reason, canceled.ended_at) == (ExportStatus.CANCELED, "canceled", NOW)
    assert isinstance(world.stores.export_executions, MemoryExportExecutions)
    assert world.stores.export_executions.stopped == {ID: "canceled"}


@pytest.mark.parametrize("status", [ExportStatus.COMPLETED, ExportStatus.FAILED, ExportStatus.EXPIRED])
def test_what_has_ended_cannot_be_canceled(status: ExportStatus) -> None:
    world = World()
    world.stores.exports.add(an_export(status))

    with pytest.raises(Conflict) as refusal:
        service.cancel(world.context, world.caller(), ID)

    assert refusal.value.code == "export_already_ended"


def test_what_is_under_way_cannot_be_deleted() -> None:
    world = World()
    world.stores.exports.add(an_export())

    with pytest.raises(Conflict) as refusal:
        service.delete(world.context, world.caller(), ID)

    assert refusal.value.code == "export_not_ended"


def test_an_export_whose_end_could_not_be_published_is_not_deleted_yet() -> None:
    world = ExportWorld()
    events = cast(MemoryEvents, world.stores.events)
    events.raises = Retryable("no bus")
    export = world.run()
    with pytest.raises(Retryable):
        service.delete(world.context, world.caller(), export.export_id)
    events.raises = None

    service.delete(world.context, world.caller(), export.export_id)

    assert [one.job_id for one in events.published] == [export.export_id]


def test_a_link_is_good_no_longer_than_the_file_lives() -> None:
    world = World()
    export = an_export(ExportStatus.COMPLETED, files=(FILE,), files_until=NOW + 60)

    link = service.find_link(world.context, export, "csv")
    world.now += 60

    assert link == f"memory://GET/{FILE.key}?expires_at={NOW + 60}&filename=exp_1.csv"
    assert service.find_link(world.context, export, "csv") is None


@pytest.mark.parametrize("status", sorted(set(ExportStatus) - {ExportStatus.COMPLETED}))
def test_only_a_completed_export_leads_to_files(status: ExportStatus) -> None:
    world = World()

    assert service.find_link(world.context, an_export(status, files=(FILE,), files_until=NOW + 60), "csv") is None


def test_exports_are_listed_by_status() -> None:
    world = World()
    for number, status in enumerate([ExportStatus.QUEUED, ExportStatus.FAILED, ExportStatus.QUEUED]):
        world.stores.exports.add(an_export(status, f"exp_{number}", created_at=NOW + number))

    queued = ExportFilter(statuses=frozenset({ExportStatus.QUEUED}))
    listing = service.list_exports(world.context, world.caller(), queued, page=1, per_page=1)

    assert ([one.export_id for one in listing.entries], listing.total) == (["exp_2"], 2)


def test_a_canceled_export_stays_canceled_when_its_tasks_go_on() -> None:
    world = ExportWorld()
    world.write("con_1", {"name": "Ann"})
    export = world.ask(formats=(Format.CSV,))
    service.cancel(world.context, world.caller(), export.export_id)

    run_export(world.steps, export)

    assert (world.stored_export(export).status, world.stored_export(export).files) == (ExportStatus.CANCELED, ())
