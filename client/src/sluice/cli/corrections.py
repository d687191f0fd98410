"""A file of failed rows that a person has mended in a spreadsheet, and what was changed in it since they failed.

In go the file, as `sluice imports rows ID -o FILE` has written it and a spreadsheet has saved it, and the import; out
come corrections as `retry` takes them, values by field by row number.
"""

import csv
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import click

from sluice.cli.app import App
from sluice.cli.exits import REFUSED, Stopped
from sluice.cli.layout import counted, number
from sluice.imports import Import
from sluice.models.imports import Row

ROW_NUMBER = "_row_number"
CORRECTIONS = 10_000
"""Rows that one retry may correct."""
NO_ROW = frozenset(
    {
        *("row_too_short", "row_too_long", "row_too_large", "line_end_in_row", "unclosed_quote", "misplaced_quote"),
        *("header_repeated", "nul_character", "undecodable_bytes", "truncated_source", "invalid_json", "duplicate_key"),
        *("not_an_object", "not_corrected", "cell_error", "formula_not_computed", "inexact_number", "unknown_field"),
    }
)
"""Errors of rows in which no value surely belongs to a field: their correction is the whole row."""
_HEADER = re.compile(rf'(.?)"?{ROW_NUMBER}"?(.?)')
"""A header line, by what stands around one of its names: what separates its cells."""


def corrections_of(app: App, of: Import, file: Path) -> dict[int, dict[str, Any]]:
    """Returns the values that were changed in a file of failed rows, by field, by row number. Raises BadParameter where
    it is no such file, and Stopped where it has too many of them."""
    mended = dict(_each_mended(of, file))
    fields = {column.header: column.field for column in of.columns if column.field}
    failed = [row for row in of.rows(outcome="failed") if row.number in mended]
    changed = {row.number: _changed(row, mended[row.number], fields) for row in failed}
    found = {row: values for row, values in changed.items() if values}
    others = len(mended) - len(failed)
    left_alone = f"; {number(others)} have not failed and are left alone" if others else ""
    told = f"{counted(len(mended), 'row')}, {number(len(found))} of them changed since they failed{left_alone}"
    app.screen.say(f"{file.name}  {told}")
    if len(found) > CORRECTIONS:
        app.screen.fail(f"At most {number(CORRECTIONS)} rows can be corrected at once. Import {file.name} instead.")
        raise Stopped(REFUSED)
    return found


def _each_mended(of: Import, file: Path) -> Iterator[tuple[int, dict[str, str | None]]]:
    """Yields the number and the cells of each row; spreadsheets separate cells by what is usual in their country."""
    try:
        with file.open(newline="", encoding="utf-8-sig") as stream:
            header = _HEADER.search(stream.readline().strip())
            if not header:
                hint = f"Write it: sluice imports rows {of.id} -o {file.name}"
                raise click.BadParameter(f"{file.name} has no {ROW_NUMBER}.\n{hint}")
            stream.seek(0)
            for row in csv.DictReader(stream, delimiter=header[2] or header[1] or ","):
                yield _row_number(row, file), row
    except UnicodeDecodeError as error:
        raise click.BadParameter(f"{file.name} is not UTF-8. Save it as CSV UTF-8.") from error


def _row_number(row: Mapping[str | None, Any], file: Path) -> int:
    text = row[ROW_NUMBER] or ""
    if not text.isdecimal():
        raise click.BadParameter(f"{file.name}: {text[:40]!r} in {ROW_NUMBER} is no number.")
    if None in row:
        raise click.BadParameter(f"{file.name}: row {text} has more cells than the first line.")
    return int(text)


def _changed(row: Row, mended: Mapping[str, str | None], fields: Mapping[str, str | None]) -> dict[str, Any]:
    """Returns what differs from the row that failed. What the file does not have is as it was."""
    given = {header: "" if value is None else str(value) for header, value in row.given.items()}
    now = {header: value for header in fields if (value := mended.get(header)) is not None}
    differs = {header for header, value in now.items() if value != given.get(header, "")}
    is_whole = differs and any(one.severity == "error" and one.code in NO_ROW for one in row.problems)
    return {str(fields[header]): (given | now).get(header) or None for header in (fields if is_whole else differs)}
