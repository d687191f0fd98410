"""The files of an import cannot harm a spreadsheet, and can be uploaded again as they are."""

import csv
import io

import pytest

from chalicelib.model.places import ResultFile, result_key
from tests.driving import TENANT, Town

SOURCE = """=name,email,notes
Ann,=wrong,"''=1		"
Ben,ben@example.com,=1+1
Cem,+wrong,-5
"""
MAPPING = {"name": "=name"}


def read_csv(town: Town, import_id: str, file: ResultFile) -> tuple[bytes, list[list[str]]]:
    content = town.stores.files.read_file(result_key(TENANT, import_id, file))  # type: ignore[arg-type] # an id
    return content, list(csv.reader(io.StringIO(content.decode(), newline="")))


def test_rejected_rows_are_disarmed_and_armed_when_they_are_uploaded_again() -> None:
    town = Town()
    first = town.run(SOURCE, column_mapping=MAPPING)

    content, rows = read_csv(town, first.import_id, ResultFile.ERRORS_CSV)
    second = town.run(content, column_mapping=MAPPING)

    assert [row[:3] for row in rows] == [
        ["'=name\t", "email", "notes"],
        ["Ann", "'=wrong\t", "''=1\t\t"],
        ["Cem", "'+wrong\t", "-5"],
    ]
    assert [[one[name] for name in ("=name", "email", "notes")] for one in town.errors(second)] == [
        ["Ann", "=wrong", "'=1\t"],
        ["Cem", "+wrong", "-5"],
    ]


@pytest.mark.parametrize("file", [ResultFile.ERRORS_CSV, ResultFile.UPLOAD_CSV])
def test_no_cell_of_a_file_begins_like_a_formula(file: ResultFile) -> None:
    town = Town()
    import_ = town.run(SOURCE, column_mapping=MAPPING)

    _, rows = read_csv(town, import_.import_id, file)

    suspects = [cell for row in rows for cell in row if cell[:1] in ("=", "+", "@", "\t")]
    assert len(rows) > 2
    assert suspects == []


def test_the_upload_imports_again_unchanged() -> None:
    town = Town()
    first = town.run(SOURCE, column_mapping=MAPPING)

    content, _ = read_csv(town, first.import_id, ResultFile.UPLOAD_CSV)
    again = town.run(content, column_mapping=MAPPING)

    assert (again.stats.unchanged, again.stats.failed) == (1, 2)
