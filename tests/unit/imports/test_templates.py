"""Files to fill in."""

import pytest

from chalicelib.imports.templates import template_file
from chalicelib.model.catalogue import RESOURCES
from chalicelib.model.resources import Resource
from chalicelib.schema.csv_template import template


@pytest.mark.parametrize("resource", RESOURCES.values(), ids=RESOURCES)
def test_a_csv_template_has_the_header_line_and_an_example(resource: Resource) -> None:
    assert template_file(resource, "csv").decode() == template(resource)


def test_a_workbook_is_made_alike_every_time() -> None:
    workbook = template_file(RESOURCES["items"], "xlsx")

    assert workbook.startswith(b"PK")
    assert template_file(RESOURCES["items"], "xlsx") == workbook
