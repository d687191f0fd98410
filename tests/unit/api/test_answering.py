"""What every dialect's views are surrounded by."""

import pytest
from chalice.app import Request

from chalicelib.api.answering import bearer_secret


@pytest.mark.parametrize(
    ("header", "secret"),
    [
        pytest.param("Bearer ksr_1", "ksr_1", id="as documented"),
        pytest.param("bearer ksr_1", "ksr_1", id="lower case"),
        pytest.param(" Bearer   ksr_1 ", "ksr_1", id="space around"),
        pytest.param("Bearer", "", id="nothing behind it"),
        pytest.param("Basic ksr_1", None, id="another scheme"),
        pytest.param("ksr_1", None, id="no scheme"),
        pytest.param(None, None, id="no header"),
    ],
)
def test_a_bearer_key_is_found_behind_its_scheme(header: str | None, secret: str | None) -> None:
    assert bearer_secret(a_request(header)) == secret


def a_request(authorization: str | None) -> Request:
    return Request(
        {
            "multiValueQueryStringParameters": None,
            "headers": {} if authorization is None else {"authorization": authorization},
            "pathParameters": {},
            "requestContext": {"httpMethod": "GET", "resourcePath": "/api/v1", "path": "/api/v1"},
            "stageVariables": None,
            "body": None,
        }
    )
