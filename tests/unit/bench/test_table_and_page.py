from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from bench.figures import Figure, at_least
from bench.page import BEGIN, END, PAGE, README, Measured, part_text, ratios_of, with_results, with_suites
from bench.plots import Plot, to_svg
from bench.table import figures_table

FIGURE = Figure(
    name="page read",
    ours="60.0 k/s",
    peer="boto3 client: 10.0 k/s",
    value=4.0,
    spread=0.02,
    target=at_least(5),
    counted="CPU, 5 runs",
)


def test_the_table_shows_both_sides_the_ratio_and_by_how_much_the_target_is_missed() -> None:
    console = Console(file=StringIO(), width=160)

    console.print(figures_table([FIGURE]))

    rounded = console.file.getvalue()  # type: ignore[attr-defined] # a StringIO
    (line,) = (one for one in rounded.splitlines() if "page read" in one)
    cells = [cell.strip() for cell in line.strip("│").split("│")]
    assert cells == [
        "page read",
        "60.0 k/s",
        "boto3 client: 10.0 k/s",
        "4.00 × ±2%",
        "≥ 5.00 ×",
        "missed by 20%",
        "CPU, 5 runs",
    ]


HOW = "2026-12-01, 2 cores"
PART = """\
`make bench SIZE=full ONLY=reads`, 2026-12-01, 2 cores.

| figure | ours | peer | ratio or amount | target | | counted |
|---|---|---|---|---|---|---|
| page read | 60.0 k/s | boto3 client: 10.0 k/s | 4.00 × ±2% | ≥ 5.00 × | missed by 20% | CPU, 5 runs |"""
EMPTY = f"before\n{BEGIN}\n{END}\nafter\n"


def measured(suite: str, *figures: Figure) -> Measured:
    return Measured(suite, figures, "full", HOW)


def test_a_suite_tells_its_figures_its_command_and_how_it_was_measured() -> None:
    assert part_text(measured("reads", FIGURE)) == PART


def test_only_what_stands_between_the_markers_is_written_anew() -> None:
    page = f"before\n{BEGIN}\nold\n{END}\nafter\n"

    assert with_results(page, "new\n") == f"before\n{BEGIN}\n\nnew\n\n{END}\nafter\n"


def test_a_suite_is_written_anew_and_the_others_stay() -> None:
    order = ["pipeline", "reads", "row-pages"]
    page = with_suites(EMPTY, [measured("row-pages"), measured("pipeline")], order)

    page = with_suites(page, [measured("reads", FIGURE)], order)
    again = with_suites(page, [measured("reads", FIGURE)], order)

    assert [line for line in page.splitlines() if line.startswith("###")] == [f"### {name}" for name in order]
    assert all(one in page for one in (PART, part_text(measured("pipeline")), part_text(measured("row-pages"))))
    assert again == page


def test_a_page_without_markers_is_not_touched() -> None:
    with pytest.raises(ValueError, match="markers"):
        with_results("no markers", "new")
    with pytest.raises(ValueError, match="markers"):
        with_suites("no markers", [], [])


@pytest.mark.parametrize("page", [PAGE, README], ids=lambda page: page.name)
def test_the_pages_of_this_project_have_their_markers(page: Path) -> None:
    assert "a new text" in with_results(page.read_text(), "a new text")


def test_the_readme_tells_what_is_faster_than_whom() -> None:
    page = with_suites(EMPTY, [measured("reads", FIGURE, replace(FIGURE, target=None))], ["reads"])

    assert ratios_of(page) == (
        "| | beside | ratio | target |\n|---|---|---|---|\n| page read | boto3 client | 4.00 × | ≥ 5.00 × |\n"
    )


def test_the_readme_has_the_ratios_of_the_page() -> None:
    assert ratios_of(PAGE.read_text()) in README.read_text()


def test_a_plot_places_rows_by_powers_of_ten_and_amounts_from_the_ground() -> None:
    plot = Plot("seconds", [(1_000, 50.0), (10_000, 100.0), (100_000, 100.0)])

    assert plot.x(10_000) == (plot.x(1_000) + plot.x(100_000)) / 2
    assert plot.y(0) - plot.y(100) == pytest.approx(2 * (plot.y(0) - plot.y(50)), abs=0.2)


def test_a_plot_says_its_amounts_its_rows_and_its_limit() -> None:
    svg = to_svg(Plot("Memory, MB", [(100_000, 220.0), (1_000_000, 230.0)], limit=256))

    assert svg.count("<circle") == 2
    assert all(text in svg for text in (">220<", ">230<", ">100,000<", ">1 million<", ">Memory, MB<"))
    assert 'stroke-dasharray="6 4"' in svg
