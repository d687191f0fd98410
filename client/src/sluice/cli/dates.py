"""A date that can be read in two ways, such as 03/04/2024, and the question which of them is meant."""

import re
from calendar import month_name
from collections.abc import Iterator

from sluice.cli.columns import Headers, fed_columns
from sluice.cli.screen import Screen
from sluice.models.imports import SourceDescription

_FIRST_TWO = re.compile(r"\D*(\d+)\D+(\d+)")


def choose_date_order(screen: Screen, source: SourceDescription, mapping: Headers) -> dict[str, str]:
    """Returns the order of dates as reading options have it, asked for where the first rows have a date with two
    readings and nothing tells which is meant; empty where none has, or such rows are to fail."""
    value, header = next(_each_unclear_date(source, mapping), ("", ""))
    found = _FIRST_TWO.match(value)
    if found is None:
        return {}
    first, second = int(found[1]), int(found[2])
    readings = f"[d] {first} {month_name[second]}, [m] {second} {month_name[first]}"
    question = f"{value} in {header}: {readings}, [Enter] fail such rows:"
    answer = screen.ask(question, {"d": "day", "m": "month"}, "")
    return {"date_order": {"d": "day_first", "m": "month_first"}[answer]} if answer else {}


def _each_unclear_date(source: SourceDescription, mapping: Headers) -> Iterator[tuple[str, str]]:
    for _, column in fed_columns(source, mapping):
        if column.dates and column.dates.unclear and not column.dates.order:
            yield column.dates.unclear, column.header
