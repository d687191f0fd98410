from sluice.cli.progress import lines_of
from sluice.imports import Progress
from sluice.models.imports import ImportFields, Phase


def test_a_file_on_its_way_is_a_bar() -> None:
    [line] = lines_of(Progress(420_000_000, 1_000_000_000), 80)

    assert line == "  sent           " + "█" * 15 + "░" * 22 + "  42 %  420 MB of 1.0 GB"


def test_phases_are_bars_with_their_rows() -> None:
    phases = (
        Phase(name="prevalidation", status="completed", total=10_514, processed=10_514, error=458),
        Phase(name="preparsing", status="processing", total=10_056, processed=5_028),
        Phase(name="transforming", status="pending"),
        Phase(name="cleanup", status="skipped"),
    )

    lines = list(lines_of(Progress(state=ImportFields(id="imp_1", phases=phases)), 80, (9, 9)))

    assert lines == [
        "  sent           100 %   9 B",
        "  prevalidation  " + "█" * 37 + "  10,514 rows    458 out",
        "  preparsing     " + "█" * 18 + "░" * 19 + "   5,028 rows",
        "  transforming   ·",
        "  cleanup        not needed",
    ]
