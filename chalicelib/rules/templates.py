"""CSV templates of a resource: a header line and an example row, from its declaration."""

import csv
from io import StringIO

from chalicelib.model.resources import Field, Resource


def template_fields(resource: Resource) -> list[Field]:
    """The fields a source may give, in declared order."""
    return [one for one in resource.fields if not one.is_computed]


def header_line(resource: Resource) -> str:
    """Field names alone: a source filled in under it maps itself."""
    return _line([one.name for one in template_fields(resource)])


def example_line(resource: Resource) -> str:
    return _line([one.example for one in template_fields(resource)])


def template(resource: Resource) -> str:
    """Header line and example row, with the line ends of RFC 4180."""
    return header_line(resource) + example_line(resource)


def _line(cells: list[str]) -> str:
    text = StringIO()
    csv.writer(text).writerow(cells)
    return text.getvalue()
