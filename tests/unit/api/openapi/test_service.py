"""The routes that belong to no dialect, as the document has them."""

import json

import pytest

from chalicelib.api.openapi.service import SERVICE_TAG, service_paths
from tests.template import read_template


@pytest.mark.parametrize("path", ["/v1/health", "/openapi.json", "/docs"])
def test_a_route_of_the_service_needs_no_key_and_may_be_throttled(path: str) -> None:
    operation = service_paths()[path]["get"]

    assert operation["tags"] == [SERVICE_TAG["name"]]
    assert operation["security"] == []
    assert set(operation["responses"]) == {"200", "429"}


def test_the_refusal_is_the_one_that_api_gateway_is_told_to_make() -> None:
    throttled = read_template()["Resources"]["RestAPI"]["Properties"]["GatewayResponses"]["THROTTLED"]
    refusal = service_paths()["/v1/health"]["get"]["responses"]["429"]["content"]["application/json"]

    body = json.loads(throttled["ResponseTemplates"]["application/json"])

    assert refusal["examples"]["throttled"]["value"] == body
