"""Lists and maps are flattened into the columns that all shards together need."""

from chalicelib.model.exports import ExportStatus
from chalicelib.model.write_options import Nesting, Rendering
from tests.export_world import ExportWorld, with_limits


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
