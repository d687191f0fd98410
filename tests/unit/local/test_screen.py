"""What an import looks like: rendered from fixed answers of the API, without colours, at a fixed width."""

from io import StringIO

from rich.console import Console, RenderableType

from local.client import Json
from local.rejected import Rejection
from local.screen import each_remark, ended, phase_line, phases_table, rejected_table, result_table, shown_value

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
REJECTION = Rejection(
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


def test_the_result_is_one_table_of_counts() -> None:
    assert drawn(result_table({"stats": STATS}, 26.13)) == (
        "╭────────┬─────────┬─────────┬───────────┬─────────┬────────┬─────────────┬─────────╮\n"
        "│  total │ created │ updated │ unchanged │ skipped │ failed │ overwritten │ seconds │\n"
        "├────────┼─────────┼─────────┼───────────┼─────────┼────────┼─────────────┼─────────┤\n"
        "│ 10,514 │   9,686 │       0 │         0 │     300 │    528 │           0 │    26.1 │\n"
        "╰────────┴─────────┴─────────┴───────────┴─────────┴────────┴─────────────┴─────────╯\n"
    )


def test_deleted_and_unprocessed_are_shown_where_there_are_any() -> None:
    shown = drawn(result_table({"stats": {**STATS, "deleted": 4, "unprocessed": 17}}, 1), width=120)

    assert "deleted" in shown
    assert "unprocessed" in shown


def test_each_phase_shows_its_status_its_rows_and_who_left() -> None:
    phases = [phase("prevalidation", "completed", 900, 900, 12), phase("processing", "processing", 888, 300)]

    lines = drawn(phases_table({"status": "processing", "phases": phases}, 4.25)).splitlines()

    assert lines[1].split()[:2] == ["prevalidation", "completed"]
    assert lines[1].split()[-2:] == ["900", "12"]
    assert lines[2].split()[-4:] == ["300", "/", "888", "0"]
    assert lines[3].strip() == "processing · 4.2 s"


def test_a_phase_fits_on_a_line_where_there_is_no_terminal() -> None:
    line = phase_line(phase("prevalidation", "completed", 10514, 10514, 458))

    assert line == "prevalidation completed  rows          10,514   left here       458"


def test_a_rejection_shows_its_count_an_example_and_what_to_do() -> None:
    shown = " ".join(drawn(rejected_table([REJECTION]), width=180).split())

    assert "invalid_email │ 1,500 │ 36 │ email │ priya.example.com │ 'email' must be a valid" in shown
    assert "not 'priya.example.com'. Write it as name@example.com." in shown


def test_a_rejection_fits_into_a_narrow_terminal() -> None:
    shown = drawn(rejected_table([REJECTION]), width=80)

    assert max(map(len, shown.splitlines())) <= 80
    assert "invalid_email" in shown


def test_values_that_would_move_the_cursor_are_shown_harmless() -> None:
    assert shown_value("bell\x07, \x1b[2Jline\nline") == "bell�, �[2Jline�line"


def test_long_values_are_cut() -> None:
    assert shown_value("x" * 41, 40) == "x" * 39 + "…"


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
