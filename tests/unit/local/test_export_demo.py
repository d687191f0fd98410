"""The demo shows an export's files as the export tells of them."""

from io import StringIO

from rich.console import Console

from local.export_demo import files_table


def test_the_table_has_a_line_for_each_file() -> None:
    console = Console(file=StringIO(), width=80, force_terminal=False)
    file = {"filename": "exp_1.csv", "rows": 9631, "size_bytes": 2_200_000, "sha256": "ec0c7663518432e3" + "0" * 48}

    console.print(files_table({"files": [file, {**file, "filename": "exp_1.xlsx"}]}))

    assert isinstance(console.file, StringIO)
    shown = console.file.getvalue()
    assert "exp_1.csv" in shown
    assert "exp_1.xlsx" in shown
    assert "9,631" in shown
    assert "2.2 MB" in shown
