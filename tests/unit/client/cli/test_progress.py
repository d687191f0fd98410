from collections.abc import Iterable

import pytest

from sluice.cli.progress import export_lines, lines_of, watcher
from sluice.cli.screen import Screen, _Redrawn
from sluice.imports import Progress
from sluice.models.exports import ExportProgress
from sluice.models.imports import ImportFields, ImportProgress, Phase


class Recorded:
    """Keeps all lines that were shown."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def show(self, lines: Iterable[str]) -> None:
        self.lines += lines


def test_a_file_on_its_way_is_a_bar() -> None:
    [line] = lines_of(Progress(420_000_000, 1_000_000_000), 80)

    assert line == "  sent 42 %  " + "█" * 9 + "░" * 14 + "  420 MB of 1.0 GB"


def test_how_fast_it_goes_and_how_long_it_takes_is_told_after_a_second() -> None:
    shown, times = Recorded(), iter([0.0, 0.0, 0.5, 10.0])
    watch = watcher(shown, 80, lambda: next(times))

    for sent in (0, 10_000_000, 380_000_000):
        watch(Progress(sent, 1_000_000_000))

    assert [line[line.rindex("░") + 1 :] for line in shown.lines] == [
        "  0 B of 1.0 GB",
        "  10 MB of 1.0 GB",
        "  380 MB of 1.0 GB   38 MB/s   17 s",
    ]


def test_no_line_is_too_long() -> None:
    for width in (40, 80, 120):
        for line in lines_of(Progress(999_400_000_000, 999_600_000_000), width, 1.0):
            assert len(line) <= max(width, 80)


def test_phases_are_bars_with_their_rows() -> None:
    phases = (
        Phase(name="prevalidation", status="completed", total=10_514, processed=10_514, error=458),
        Phase(name="preparsing", status="processing", total=10_056, processed=5_028),
        Phase(name="transforming", status="pending"),
        Phase(name="cleanup", status="skipped"),
    )

    state = ImportFields(id="imp_1", phases=phases, progress=ImportProgress(rows_per_second=2_410))
    lines = list(lines_of(Progress(state=state), 80))

    assert lines == [
        "  prevalidation  " + "█" * 37 + "  10,514 rows    458 out",
        "  preparsing     " + "█" * 18 + "░" * 19 + "   5,028 rows    2,410/s",
        "  transforming   ·",
        "  cleanup        not needed",
    ]


@pytest.mark.parametrize("name", ["prevalidation", "cleanup"])
def test_a_phase_of_which_nobody_knows_how_much_is_to_come_does_not_look_done(name: str) -> None:
    """Its total grows with what has come."""
    phases = (Phase(name=name, status="processing", total=1_837, processed=1_837),)

    [line] = lines_of(Progress(state=ImportFields(id="imp_1", phases=phases)), 80)

    assert line == f"  {name:15}" + "░" * 37 + "   1,837 rows"


def test_an_export_is_read_and_then_written() -> None:
    reading, writing = ExportProgress(records_read=1), ExportProgress(rows=9_631, rows_total=9_631, rows_written=4_000)

    assert list(export_lines(reading, 80)) == ["  reading   1 record"]
    assert list(export_lines(writing, 40)) == ["  writing   " + "█" * 2 + "░" * 5 + "  4,000 of 9,631 rows"]


def test_lines_that_come_too_late_are_not_drawn(capsys: pytest.CaptureFixture[str]) -> None:
    """A thread may send a last chunk when a person who has ended the upload is being asked."""
    drawn = _Redrawn(Screen())

    drawn.show(["x" * 200])
    drawn.end()
    drawn.show(["late"])

    assert capsys.readouterr().err.count("x") == Screen().width - 1
    assert "late" not in capsys.readouterr().err
