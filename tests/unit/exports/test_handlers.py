"""An export through its steps: what was asked for comes out, in every format, whole."""

import gzip
import hashlib
import json
from dataclasses import dataclass, replace

import pytest

from chalicelib.formats.registry import WRITABLE, Format
from chalicelib.model.exports import Export, ExportStatus
from chalicelib.model.filters import Condition, Operator
from chalicelib.model.status_changes import ExportChange
from chalicelib.model.write_options import Formulas, Nesting, Rendering
from tests.export_world import ExportWorld, run_export, with_limits
from tests.world import NOW

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


def test_the_manifest_says_how_to_check_the_files() -> None:
    world = a_world(records=3)

    export = world.run(formats=(Format.NDJSON,), fields=("id",))

    manifest = json.loads(world.content(export, "manifest"))
    content = world.content(export, "ndjson")
    assert manifest["files"] == [
        {
            "format": "ndjson",
            "filename": f"{export.export_id}.ndjson",
            "content_type": "application/x-ndjson",
            "rows": 3,
            "size_bytes": len(content),
            "sha256": hashlib.sha256(content).hexdigest(),
            "pieces": [{"rows": 3, "size_bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}],
        }
    ]
    assert (manifest["rows"], manifest["schema"]) == (3, [{"name": "id", "type": "id"}])


def test_work_objects_are_gone_when_the_export_has_ended() -> None:
    world = a_world()

    export = world.run()

    assert world.stores.files.delete_files(f"work/{export.tenant_id}/{export.export_id}/") == 0
    assert len(export.files) == 3


@pytest.mark.parametrize("status", [ExportStatus.CANCELED, ExportStatus.FAILED])
def test_an_export_that_has_ended_stays_as_it_is(status: ExportStatus) -> None:
    world = a_world()
    export = world.ask()
    world.stores.exports.change(export.tenant_id, export.export_id, ExportChange(to=status, at=1, reason="so"))

    run_export(world.steps, export)

    stored: Export = world.stored_export(export)
    assert (stored.status, stored.reason, stored.files) == (status, "so", ())


@dataclass
class Ticking:
    """Goes on by a second at every look."""

    now_s: float = NOW

    def __call__(self) -> float:
        self.now_s += 1
        return self.now_s


@pytest.mark.parametrize("order_by", [None, "name"])
@pytest.mark.parametrize("limit", [None, 17, 18])
@pytest.mark.parametrize("format_", [Format.CSV, Format.JSON, Format.NDJSON])
def test_a_file_in_parts_is_the_file_in_one(order_by: str | None, limit: int | None, format_: Format) -> None:
    whole, cut = a_world(export_file_part_s=10_000), a_world(export_file_part_s=10)
    cut.steps = replace(cut.steps, now=Ticking())
    wanted = {"formats": (format_,), "order_by": order_by, "limit": limit}

    one, several = whole.run(**wanted), cut.run(**wanted)

    assert len(one.files[0].parts) == 1
    assert len(several.files[0].parts) > 1
    assert cut.content(several, format_) == whole.content(one, format_)
    assert (several.files[0].rows, several.files[0].sha256) == (limit or 60, None)
    assert several.files[0].size_bytes == sum(part.size_bytes for part in several.files[0].parts)


def test_a_gzipped_file_in_parts_is_one_gzipped_file() -> None:
    world = a_world(export_file_part_s=10)
    world.steps = replace(world.steps, now=Ticking())

    export = world.run(renderings=(Rendering(format=Format.JSON, is_gzipped=True),))

    assert len(json.loads(gzip.decompress(world.content(export, "json")))) == 60


@pytest.mark.parametrize("part_s", [10, 10_000])
def test_rows_whose_formulas_were_disarmed_stand_in_a_file_of_their_own(part_s: int) -> None:
    world = a_world(export_file_part_s=part_s)
    world.steps = replace(world.steps, now=Ticking())
    world.write("con_bad", {"name": "=1+1"})
    world.write("con_worse", {"name": "Fine", "notes": "@SUM(A1)"})

    export = world.run(formats=(Format.CSV,), fields=("id", "name", "notes"), order_by="id")

    changed = [
        {"id": "con_bad", "name": "'=1+1\t", "notes": ""},
        {"id": "con_worse", "name": "Fine", "notes": "'@SUM(A1)\t"},
    ]
    assert world.rows(export, "csv_sanitized") == changed
    assert [row for row in world.rows(export, "csv") if row in changed] == changed
    assert (len(world.rows(export, "csv")), export.progress.rows_written) == (62, 62)


def test_raw_formulas_leave_nothing_to_tell() -> None:
    world = a_world(records=0)
    world.write("con_bad", {"name": "=1+1"})

    export = world.run(renderings=(Rendering(formulas=Formulas.RAW),), fields=("name",))

    assert world.rows(export, "csv") == [{"name": "=1+1"}]
    assert [file.format for file in export.files] == ["csv", "manifest"]


def test_nested_values_are_flattened_over_all_shards() -> None:
    world = ExportWorld()
    for number in range(20):
        world.write(
            f"con_{number:02d}", {"name": "Ann", "tags": ["a"] * (number % 4), "metadata": {f"k{number % 2}": 1}}
        )

    flat = Rendering(nesting=Nesting.FLATTEN)
    export = world.run(renderings=(flat,), fields=("id", "tags", "metadata"), order_by="id")

    rows = world.rows(export, "csv")
    assert set(rows[0]) == {"id", "tags.0", "tags.1", "tags.2", "metadata.k0", "metadata.k1"}
    assert [sum(row[f"tags.{n}"] == "a" for n in range(3)) for row in rows] == [number % 4 for number in range(20)]


def test_too_many_flat_columns_end_the_export_with_a_reason() -> None:
    world = ExportWorld(with_limits(columns=5))
    world.write("con_1", {"name": "Ann", "tags": [str(number) for number in range(20)]})

    export = world.run(renderings=(Rendering(nesting=Nesting.FLATTEN),), fields=("id", "tags"))

    assert (export.status, export.files) == (ExportStatus.FAILED, ())
    assert "too_many_columns" in (export.reason or "")
