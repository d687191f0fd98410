"""An export through its steps: what was asked for comes out, in every format, whole."""

import pytest

from chalicelib.errors import Fatal
from chalicelib.exports.events import ExportEvent
from chalicelib.formats.registry import WRITABLE, Format
from chalicelib.model.exports import Export, ExportResult, ExportStage, ExportStatus
from chalicelib.model.filters import Condition, Operator
from chalicelib.model.status_changes import ExportChange
from tests.export_world import ExportWorld, run_export, run_shards, with_limits

EVERY_FORMAT = WRITABLE


def a_world(records: int = 60, **limits: int) -> ExportWorld:
    world = ExportWorld(with_limits(**limits))
    for number in range(records):
        world.write(f"con_{number}", {"name": f"Contact {number:03d}", "email": f"c{number}@example.com"})
    return world


@pytest.mark.parametrize("format_", EVERY_FORMAT)
def test_every_record_is_in_the_file_once(format_: Format) -> None:
    world = a_world()

    export = world.run(formats=EVERY_FORMAT)

    assert export.status is ExportStatus.COMPLETED
    assert sorted(world.ids(export, format_)) == sorted(f"con_{number}" for number in range(60))


def test_the_order_asked_for_is_that_of_the_file() -> None:
    world = a_world()

    export = world.run(order_by="name", is_descending=True, limit=3)

    assert world.ids(export) == ["con_59", "con_58", "con_57"]


def test_a_shard_that_does_not_fit_into_memory_is_sorted_in_runs() -> None:
    world = a_world(records=400, export_sort_bytes=1_000)

    export = world.run(order_by="name")

    assert world.ids(export) == [f"con_{number}" for number in range(400)]


def test_a_filter_selects_and_fields_are_chosen() -> None:
    world = a_world()
    wanted = Condition("name", Operator.CONTAINS, "contact 04")

    export = world.run(filter=wanted, fields=("name", "id"), order_by="name", limit=2)

    assert world.rows(export) == [{"name": "Contact 040", "id": "con_40"}, {"name": "Contact 041", "id": "con_41"}]
    assert (export.progress.records_read, export.progress.records_selected, export.progress.rows) == (60, 10, 2)


def test_a_limit_without_an_order_gives_so_many() -> None:
    world = a_world()

    export = world.run(limit=7)

    assert len(set(world.ids(export))) == 7


def test_an_export_of_nothing_has_empty_files() -> None:
    world = ExportWorld()

    export = world.run(formats=EVERY_FORMAT, fields=("id", "name"))

    assert world.content(export, "csv") == b"id,name\r\n"
    assert (world.content(export, "json"), world.content(export, "ndjson")) == (b"[\n]\n", b"")
    assert export.progress.rows == 0


def test_work_objects_are_gone_when_the_export_has_ended() -> None:
    world = a_world()

    export = world.run()

    assert world.stores.files.delete_files(f"work/{export.tenant_id}/{export.export_id}/") == 0
    assert len(export.files) == 3


@pytest.mark.parametrize(
    ("limit", "selected", "rows"), [(None, 3, 2), (None, 3, 4), (2, 3, 3), (2, 3, 1), (5, 3, 5), (5, 3, 2)]
)
def test_a_shard_that_wrote_other_rows_than_it_selected_ends_the_execution(
    limit: int | None, selected: int, rows: int
) -> None:
    world = a_world()
    export = world.ask(limit=limit)
    step = world.steps.start(ExportEvent(tenant_id=export.tenant_id, export_id=export.export_id))
    wrong = ExportResult(stage=ExportStage.SHARD, task=0, attempt_id="another", records_selected=selected, rows=rows)
    world.stores.exports.put_once(export.export_id, wrong)

    with pytest.raises(Fatal, match="rows are not those"):
        run_shards(world.steps, step)

    assert world.stored_export(export).files == ()


@pytest.mark.parametrize("status", [ExportStatus.CANCELED, ExportStatus.FAILED])
def test_an_export_that_has_ended_stays_as_it_is(status: ExportStatus) -> None:
    world = a_world()
    export = world.ask()
    world.stores.exports.change(export.tenant_id, export.export_id, ExportChange(to=status, at=1, reason="so"))

    run_export(world.steps, export)

    stored: Export = world.stored_export(export)
    assert (stored.status, stored.reason, stored.files) == (status, "so", ())
