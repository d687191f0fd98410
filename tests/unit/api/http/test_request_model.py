"""Bodies and queries become models, or one refusal that names every parameter at fault."""

import ast
from pathlib import Path
from typing import Annotated

import pytest
from pydantic import Field

from chalicelib.api import cstar, packagex
from chalicelib.api.http.request_model import PUBLISHED_NAMES, NoParameters, RequestModel, read_body, read_query
from chalicelib.api.packagex.schedules.requests import PackageXScheduleRequest
from chalicelib.errors import Refused


class Page(RequestModel):
    page: Annotated[int, Field(ge=1)] = 1
    name: str


def refusal_of(given: dict[str, object], under: str = "") -> Refused:
    with pytest.raises(Refused) as refusal:
        read_query(Page, given, under=under)
    return refusal.value


def test_what_fits_becomes_the_model() -> None:
    assert read_query(Page, {"page": "2", "name": "x"}) == Page(page=2, name="x")


def test_every_fault_is_named_and_the_first_is_the_refusal_s() -> None:
    refusal = refusal_of({"page": "0", "colour": "red"})

    assert (refusal.code, refusal.param) == ("invalid_parameter", "page")
    assert refusal.details["fault"] == "greater_than_equal"
    assert refusal.details["errors"] == [
        "page: Input should be greater than or equal to 1.",
        "name: Required.",
        "colour: Unknown parameter.",
    ]


def test_parameters_are_named_where_they_stand() -> None:
    assert refusal_of({"name": "x", "page": "0"}, under="export").param == "export.page"


def test_an_unknown_parameter_is_refused_where_there_are_none() -> None:
    with pytest.raises(Refused) as refusal:
        read_query(NoParameters, {"page": "1"})

    assert refusal.value.message == "page: Unknown parameter."


@pytest.mark.parametrize("body", [[], "text", 1, None])
def test_a_body_is_an_object(body: object) -> None:
    with pytest.raises(Refused) as refusal:
        read_body(Page, body)

    assert refusal.value.code == "invalid_json"


def test_a_model_within_a_model_is_called_by_its_published_name() -> None:
    with pytest.raises(Refused) as refusal:
        read_body(PackageXScheduleRequest, {"schedule": "rate(1 hour)", "export": None})

    assert refusal.value.message == "export: Input should be a valid dictionary or instance of CreateExport."


def test_published_names_belong_to_models_that_requests_have() -> None:
    """A model that is renamed must not lose the name that callers see."""
    defined = {
        node.name
        for folder in (*packagex.__path__, *cstar.__path__)
        for path in Path(folder).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ClassDef)
    }

    assert set(PUBLISHED_NAMES) <= defined
