"""CSV templates of a resource: a header line and an example row, made from its declaration.

Some imports take a source with exactly the header line of their template; whether a source has it is checked here too.
"""

import csv
from collections.abc import Sequence
from io import StringIO

from chalicelib.errors import Refused
from chalicelib.model.problems import quoted
from chalicelib.model.resources import Field, Resource
from chalicelib.model.row_rules import RowRules


def template_fields(resource: Resource) -> list[Field]:
    """Returns the fields that a source may give, in declared order, but the parts of another one."""
    return [one for one in resource.fields if not (one.is_computed or one.part_of)]


def header_line(resource: Resource) -> str:
    """Returns the line of field names; a source filled in under it needs no column mapping."""
    return _line([one.name for one in template_fields(resource)])


def example_line(resource: Resource) -> str:
    """Returns the line of example values under the header line."""
    return _line([one.example for one in template_fields(resource)])


def template(resource: Resource) -> str:
    """Returns header line and example row, with the line ends of RFC 4180."""
    return header_line(resource) + example_line(resource)


def check_header(rules: RowRules, headers: Sequence[str], format_: str) -> None:
    """Raises Refused `header_differs` unless the source is CSV with exactly the header line that the rules ask for."""
    if not rules.header:
        return
    expected, found = ",".join(rules.header), ",".join(headers)
    if format_ != "csv":
        raise Refused("header_differs", f"Send a CSV file with the header line {expected}, not {format_.upper()}.")
    if tuple(headers) != rules.header:
        message = f"The header line must be exactly {expected}; the file has {quoted(found)}."
        raise Refused("header_differs", message)


def too_many_rows(limit: int) -> Refused:
    """Returns the refusal of a source with more rows than the import takes."""
    return Refused("too_many_rows", f"The file has more than {limit} rows. Split it.", limit=limit)


def _line(cells: list[str]) -> str:
    text = StringIO()
    csv.writer(text).writerow(cells)
    return text.getvalue()
