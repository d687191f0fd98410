"""An export through its steps: what was asked for comes out, in every format, whole."""

import hashlib
import json

import pytest

from chalicelib.model.exports import Export, ExportChange, ExportFormat, ExportStatus
from chalicelib.model.filters import Condition, Operator
from tests.export_town import ExportTown, play_export, with_limits

EVERY_FORMAT = tuple(ExportFormat)


def a_town(records: int = 60, **limits: int) -> ExportTown:
    town = ExportTown(with_limits(**limits))
    for number in range(records):
        town.write(f"con_{number}", {"name": f"Contact {number:03d}", "email": f"c{number}@example.com"})
    return town


@pytest.mark.parametrize("format_", EVERY_FORMAT)
def test_every_record_is_in_the_file_once(format_: ExportFormat) -> None:
    town = a_town()

    export = town.run(formats=EVERY_FORMAT)

    assert export.status is ExportStatus.COMPLETED
    assert sorted(town.ids(export, format_)) == sorted(f"con_{number}" for number in range(60))


def test_the_order_asked_for_is_that_of_the_file() -> None:
    town = a_town()

    export = town.run(order_by="name", is_descending=True, limit=3)

    assert town.ids(export) == ["con_59", "con_58", "con_57"]


def test_a_shard_that_does_not_fit_into_memory_is_sorted_in_runs() -> None:
    town = a_town(records=400, export_run_bytes=1_000)

    export = town.run(order_by="name")

    assert town.ids(export) == [f"con_{number}" for number in range(400)]


def test_a_filter_selects_and_fields_are_chosen() -> None:
    town = a_town()
    wanted = Condition("name", Operator.CONTAINS, "contact 04")

    export = town.run(filter=wanted, fields=("name", "id"), order_by="name", limit=2)

    assert town.rows(export) == [{"name": "Contact 040", "id": "con_40"}, {"name": "Contact 041", "id": "con_41"}]
    assert (export.progress.records_read, export.progress.records_selected, export.progress.rows) == (60, 10, 2)


def test_a_limit_without_an_order_gives_so_many() -> None:
    town = a_town()

    export = town.run(limit=7)

    assert len(set(town.ids(export))) == 7


def test_an_export_of_nothing_has_empty_files() -> None:
    town = ExportTown()

    export = town.run(formats=EVERY_FORMAT, fields=("id", "name"))

    assert town.content(export, "csv") == b"id,name\r\n"
    assert (town.content(export, "json"), town.content(export, "ndjson")) == (b"[]\n", b"")
    assert export.progress.rows == 0


def test_the_manifest_says_how_to_check_the_files() -> None:
    town = a_town(records=3)

    export = town.run(formats=(ExportFormat.NDJSON,), fields=("id",))

    manifest = json.loads(town.content(export, "manifest"))
    content = town.content(export, "ndjson")
    assert manifest["files"] == [
        {
            "format": "ndjson",
            "filename": f"{export.export_id}.ndjson",
            "content_type": "application/x-ndjson",
            "rows": 3,
            "size_bytes": len(content),
            "sha256": hashlib.sha256(content).hexdigest(),
        }
    ]
    assert (manifest["rows"], manifest["schema"]) == (3, [{"name": "id", "type": "id"}])


def test_work_objects_are_gone_when_the_export_has_ended() -> None:
    town = a_town()

    export = town.run()

    assert town.stores.files.delete_files(f"work/{export.tenant_id}/{export.export_id}/") == 0
    assert len(export.files) == 3


@pytest.mark.parametrize("status", [ExportStatus.CANCELED, ExportStatus.FAILED])
def test_an_export_that_has_ended_stays_as_it_is(status: ExportStatus) -> None:
    town = a_town()
    export = town.ask()
    town.stores.exports.change(export.tenant_id, export.export_id, ExportChange(to=status, at=1, reason="so"))

    play_export(town.steps, export)

    stored: Export = town.now_is(export)
    assert (stored.status, stored.reason, stored.files) == (status, "so", ())
