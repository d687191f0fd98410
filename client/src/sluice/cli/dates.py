"""A date that can be read in two ways, such as 03/04/2024, and the question which of them is meant."""

import re
from calendar import month_name

from sluice.cli.columns import Headers
from sluice.cli.screen import Screen
from sluice.models.imports import SourceDescription
from sluice.models.records import Resource

_TWO_READINGS = re.compile(r"(0?[1-9]|1[0-2])[/.-](0?[1-9]|1[0-2])[/.-]\d{2,4}$")


def choose_date_order(
    screen: Screen, source: SourceDescription, mapping: Headers, resource: Resource
) -> dict[str, str]:
    """Returns the order of dates as reading options have it, asked for where a date among the first rows has two
    readings; empty where none has, or such rows are to fail."""
    found = _ambiguous_date(source, mapping, resource)
    if found is None:
        return {}
    value, header = found
    first, second = _numbers(value)
    readings = f"[d] {first} {month_name[second]}, [m] {second} {month_name[first]}"
    question = f"{value} in {header}: {readings}, [Enter] fail such rows:"
    answer = screen.ask(question, {"d": "day", "m": "month"}, "")
    return {"date_order": {"d": "day_first", "m": "month_first"}[answer]} if answer else {}


def _ambiguous_date(source: SourceDescription, mapping: Headers, resource: Resource) -> tuple[str, str] | None:
    dates = {mapping.get(one.name) for one in resource.fields if one.type in ("date", "datetime")}
    for place, column in enumerate(source.columns):
        if column.header in dates:
            values = (row[place] for row in source.rows if place < len(row))
            found = next((one for one in values if _TWO_READINGS.match(one) and len(set(_numbers(one))) > 1), None)
            if found:
                return found, column.header
    return None


def _numbers(value: str) -> tuple[int, int]:
    first, second = re.split(r"[/.-]", value)[:2]
    return int(first), int(second)
