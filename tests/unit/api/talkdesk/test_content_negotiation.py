"""What a caller takes, by its header `Accept`."""

import pytest
from chalice.app import Request

from chalicelib.api.talkdesk.content_negotiation import accepts, document_type


def a_request(accept: str | None) -> Request:
    return Request(
        {
            "multiValueQueryStringParameters": None,
            "headers": {} if accept is None else {"accept": accept},
            "pathParameters": {},
            "requestContext": {"httpMethod": "GET", "resourcePath": "/", "path": "/"},
            "stageVariables": None,
            "body": None,
        }
    )


@pytest.mark.parametrize(
    ("accept", "is_taken"),
    [
        pytest.param(None, True, id="not said"),
        pytest.param("", True, id="empty"),
        pytest.param("*/*", True, id="anything"),
        pytest.param("application/*", True, id="any application"),
        pytest.param("application/hal+json", True, id="by name"),
        pytest.param("Application/HAL+JSON; charset=utf-8", True, id="another case, a parameter"),
        pytest.param("text/html, application/hal+json;q=0.1", True, id="among others"),
        pytest.param("application/xml", False, id="another"),
        pytest.param("text/*", False, id="another group"),
        pytest.param("application/hal+json;q=0", False, id="expressly not"),
        pytest.param("*/*, application/hal+json;q=0", False, id="anything but this"),
        pytest.param("application/hal+json;q=much", True, id="a weight that is none"),
        pytest.param(",", False, id="nothing at all"),
    ],
)
def test_the_most_specific_range_decides(accept: str | None, is_taken: bool) -> None:
    assert accepts(a_request(accept), "application/hal+json") is is_taken


@pytest.mark.parametrize(
    ("accept", "type_"),
    [
        pytest.param(None, "application/hal+json", id="not said"),
        pytest.param("application/hal+json", "application/hal+json", id="HAL"),
        pytest.param("application/prs.hal-forms+json", "application/prs.hal-forms+json", id="HAL-FORMS"),
        pytest.param("application/json", "application/json", id="JSON"),
        pytest.param("*/*", "application/hal+json", id="anything"),
        pytest.param("application/*", "application/hal+json", id="any application"),
        pytest.param("text/html, */*;q=0.8", "application/hal+json", id="a browser"),
        pytest.param("application/json, text/plain, */*", "application/json", id="JSON before anything"),
        pytest.param("*/*, application/prs.hal-forms+json", "application/prs.hal-forms+json", id="forms by name"),
        pytest.param("application/json;q=0.1, */*", "application/hal+json", id="rather anything than JSON"),
        pytest.param("application/*, application/hal+json;q=0", "application/json", id="expressly no HAL"),
        pytest.param("application/json, application/hal+json", "application/hal+json", id="the same weight"),
        pytest.param("application/hal+json;q=0.5, application/json", "application/json", id="JSON rather than HAL"),
        pytest.param(
            "application/prs.hal-forms+json, application/hal+json;q=0.9, application/json;q=0.8",
            "application/prs.hal-forms+json",
            id="HAL-FORMS rather than HAL",
        ),
    ],
)
def test_the_greatest_weight_decides_the_type_of_a_document(accept: str | None, type_: str) -> None:
    assert document_type(a_request(accept)) == type_
