"""Files are written in parts that together are the file, and formulas are disarmed in them."""

import gzip
import json
from dataclasses import dataclass, replace

import pytest

from chalicelib.formats.registry import Format
from chalicelib.model.write_options import Formulas, Rendering
from tests.export_world import ExportWorld, with_limits
from tests.world import NOW


def a_world(records: int = 60, **limits: int) -> ExportWorld:
    world = ExportWorld(with_limits(**limits))
    for number in range(records):
        world.write(f"con_{number}", {"name": f"Contact {number:03d}", "email": f"c{number}@example.com"})
    return world


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
