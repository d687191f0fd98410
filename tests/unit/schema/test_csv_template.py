"""Templates are sources: what they hold can be imported."""

import csv
from io import StringIO

import pytest

from chalicelib.errors import Refused
from chalicelib.model.catalogue import RESOURCES
from chalicelib.model.resources import Resource
from chalicelib.model.row_rules import RowRules
from chalicelib.schema.column_mapping import ColumnMapping
from chalicelib.schema.csv_template import check_header, header_line, template
from chalicelib.schema.defaults import missing_fields
from chalicelib.schema.header_rules import HeaderRules
from chalicelib.schema.row_parser import RowParser


def test_the_header_line_names_the_fields_in_their_order() -> None:
    assert header_line(RESOURCES["groups"]) == "id,external_id,name,resource,location,children,notes,metadata\r\n"


def test_a_field_and_its_parts_have_one_column_together() -> None:
    names = header_line(RESOURCES["customers"]).split(",")

    assert "name" in names
    assert {"first_name", "last_name"}.isdisjoint(names)


@pytest.mark.parametrize("resource", RESOURCES.values(), ids=RESOURCES)
def test_a_template_maps_itself_and_its_example_can_be_created(resource: Resource) -> None:
    headers, cells = csv.reader(StringIO(template(resource)))

    mapping = ColumnMapping(HeaderRules(resource, {}), headers)
    fields, problems = RowParser(resource).parse(mapping.read(cells)[0])

    assert (mapping.problems, problems) == ((), [])
    assert missing_fields(resource, fields) == []


@pytest.mark.parametrize(
    ("headers", "format_"),
    [
        pytest.param(("Name", "e-mail"), "csv", id="another case"),
        pytest.param(("E-Mail", "Name"), "csv", id="another order"),
        pytest.param(("Name",), "csv", id="one too few"),
        pytest.param(("Name", "E-Mail", "Role"), "csv", id="one too many"),
        pytest.param(("Name", "E-Mail"), "xlsx", id="another format"),
        pytest.param((), "json", id="no header at all"),
    ],
)
def test_where_one_header_line_is_asked_for_no_other_is_taken(headers: tuple[str, ...], format_: str) -> None:
    with pytest.raises(Refused) as refusal:
        check_header(RowRules(header=("Name", "E-Mail")), headers, format_)

    assert refusal.value.code == "header_differs"


def test_the_header_line_asked_for_is_taken_and_any_where_none_is() -> None:
    check_header(RowRules(header=("Name", "E-Mail")), ("Name", "E-Mail"), "csv")
    check_header(RowRules(), ("Whatever",), "xlsx")
