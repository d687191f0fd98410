"""Files to fill in: the header line of a resource and an example row, as CSV or as a workbook."""

from chalicelib.formats.write import render
from chalicelib.model.resources import Resource
from chalicelib.model.write_options import Formulas, Rendering
from chalicelib.schema.csv_template import template_fields


def template_file(resource: Resource, format_: str) -> bytes:
    """Returns the template in a format that is written. Its cells are texts, so that no phone number is computed."""
    example = {one.name: one.example for one in template_fields(resource)}
    rendering = Rendering(format=format_, formulas=Formulas.RAW)
    return b"".join(render([example], [*example], rendering))
