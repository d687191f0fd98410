"""What an import looks like: rendered from fixed answers of the API, without colours, at a fixed width."""

from dataclasses import replace
from io import StringIO

import pytest
from rich.console import Console, RenderableType
from rich.progress_bar import ProgressBar

from local.api_json import Json
from local.rejection_summary import RejectionSummary
from local.screen import each_remark, ended, phase_line, phases_table, printable, rejected_table, result_table

STATS = {
    "total": 10514,
    "created": 9686,
    "updated": 0,
    "unchanged": 0,
    "deleted": 0,
    "overwritten": 0,
    "skipped": 300,
    "failed": 528,
    "unprocessed": 0,
}
REJECTION = RejectionSummary(
    code="invalid_email",
    rows=1500,
    times=1501,
    row_number=36,
    field="email",
    value="priya.example.com",
    message="'email' must be a valid email address, not 'priya.example.com'.",
    hint="Write it as name@example.com.",
)


def drawn(what: RenderableType, width: int = 100) -> str:
    console = Console(file=StringIO(), width=width, force_terminal=False)
    console.print(what)
    assert isinstance(console.file, StringIO)
    return console.file.getvalue()


def phase(name: str, status: str, total: int = 0, processed: int = 0, error: int = 0) -> Json:
    return {"name": name, "status": status, "total": total, "processed": processed, "error": error}


def test_the_result_says_what_became_of_the_rows() -> None:
    assert drawn(result_table({"stats": STATS}, 26.13)) == (
        "╭─────────┬────────╮\n"
        "│ created │  9,686 │\n"
        "│ skipped │    300 │\n"
        "│ failed  │    528 │\n"
        "├─────────┼────────┤\n"
        "│ rows    │ 10,514 │\n"
        "│ seconds │   26.1 │\n"
        "╰─────────┴────────╯\n"
    )


def test_a_result_with_every_outcome_fits_a_narrow_screen() -> None:
    every = dict.fromkeys(STATS, 12345678)

    shown = drawn(result_table({"stats": every}, 1), width=40)

    assert all(f"│ {name}" in shown for name in STATS if name != "total")
    assert shown.count("12,345,678") == len(STATS)


def test_each_phase_shows_its_status_its_rows_and_who_left() -> None:
    phases = [phase("prevalidation", "completed", 900, 900, 12), phase("processing", "processing", 888, 300)]

    lines = drawn(phases_table({"status": "processing", "phases": phases}, 4.25)).splitlines()

    assert lines[1].split()[:2] == ["prevalidation", "completed"]
    assert lines[1].split()[-2:] == ["900", "12"]
    assert lines[2].split()[-4:] == ["300", "/", "888", "0"]
    assert lines[3].strip() == "processing · 4.2 s"


def test_the_columns_stand_still_while_the_counters_run() -> None:
    before = {"status": "queued", "phases": [phase("prevalidation", "pending")]}
    running = {"status": "processing", "phases": [phase("prevalidation", "processing", 1234567, 765432, 54321)]}

    headings = {drawn(phases_table(import_, 1), width=80).splitlines()[0] for import_ in (before, running)}

    assert len(headings) == 1


def test_a_phase_fits_on_a_line_where_there_is_no_terminal() -> None:
    line = phase_line(phase("prevalidation", "completed", 10514, 10514, 458))

    assert line == "prevalidation completed  rows          10,514   left here       458"


def test_a_rejection_shows_its_count_an_example_and_what_to_do() -> None:
    assert drawn(rejected_table([REJECTION]), width=80) == (
        "╭───────────────┬───────┬──────────────────────────────────────────────────────╮\n"
        "│ rejected for  │  rows │ for example                                          │\n"
        "├───────────────┼───────┼──────────────────────────────────────────────────────┤\n"
        "│ invalid_email │ 1,500 │ row 36 · email · priya.example.com                   │\n"
        "│               │       │ 'email' must be a valid email address, not           │\n"
        "│               │       │ 'priya.example.com'. Write it as name@example.com.   │\n"
        "╰───────────────┴───────┴──────────────────────────────────────────────────────╯\n"
    )


@pytest.mark.parametrize("width", [60, 80, 120])
def test_a_rejection_is_complete_however_narrow_the_terminal(width: int) -> None:
    shown = drawn(rejected_table([REJECTION]), width=width)

    words = shown.replace("│", " ").split()
    assert set(REJECTION.hint.split()) <= set(words)
    assert {"invalid_email", "1,500", "36", "priya.example.com"} <= set(words)


def test_a_rejection_without_field_and_value_names_its_row_only() -> None:
    shown = drawn(rejected_table([replace(REJECTION, field="", value="")]))

    assert "│ row 36  " in shown


def test_characters_that_would_move_the_cursor_are_replaced() -> None:
    assert printable("bell\x07, \x1b[2Jline\nline") == "bell�, �[2Jline�line"


def test_long_values_are_cut() -> None:
    assert printable("x" * 41, 40) == "x" * 39 + "…"


def test_findings_about_the_file_and_warnings_of_accepted_rows_are_told() -> None:
    finding = {"message": "The header 'Owner' is no field.", "hint": "Map it."}
    import_ = {"findings": [finding], "problems": {"invalid_email": 1501, "row_too_short": 45, "no_identity": 1234}}

    remarks = [str(remark) for remark in each_remark(import_, [REJECTION])]

    assert remarks == [
        "The header 'Owner' is no field. Map it.",
        "Accepted with a warning: no_identity 1,234, row_too_short 45",
    ]


def test_an_import_in_order_leaves_nothing_to_remark() -> None:
    assert list(each_remark({"findings": [], "problems": {}}, [])) == []


def test_an_import_that_failed_says_why() -> None:
    assert str(ended({"status": "failed", "reason": "The source is empty."})) == "failed: The source is empty."


def bar(**counted: int) -> ProgressBar:
    """The one of a phase that is running."""
    import_ = {"status": "processing", "phases": [phase("prevalidation", "processing", **counted)]}
    (found,) = phases_table(import_, 1.0).columns[2].cells
    assert isinstance(found, ProgressBar)
    return found


@pytest.mark.parametrize(
    ("counted", "is_moving"),
    [
        pytest.param({}, True, id="nothing is known"),
        pytest.param({"total": 20_000, "processed": 20_000}, True, id="the total grows with what was read"),
        pytest.param({"total": 20_000, "processed": 500}, False, id="some of all"),
    ],
)
def test_a_bar_is_full_only_when_its_phase_has_ended(counted: dict[str, int], is_moving: bool) -> None:
    assert bar(**counted).pulse is is_moving
