"""Templates are sources: what they hold can be imported."""

import csv
from io import StringIO

import pytest

from chalicelib.model.catalogue import RESOURCES
from chalicelib.model.resources import Resource
from chalicelib.rules.columns import ColumnPlan
from chalicelib.rules.derived import missing_fields
from chalicelib.rules.headers import HeaderRules
from chalicelib.rules.schema import Schema
from chalicelib.rules.templates import header_line, template


def test_the_header_line_names_the_fields_in_declared_order() -> None:
    assert header_line(RESOURCES["groups"]) == "id,external_id,name,resource,location,children,notes,metadata\r\n"


@pytest.mark.parametrize("resource", RESOURCES.values(), ids=RESOURCES)
def test_a_template_maps_itself_and_its_example_can_be_created(resource: Resource) -> None:
    headers, cells = csv.reader(StringIO(template(resource)))

    plan = ColumnPlan(HeaderRules(resource, {}), headers)
    fields, problems = Schema(resource).read(plan.read(cells)[0])

    assert (plan.problems, problems) == ((), [])
    assert missing_fields(resource, fields) == []
