"""API Gateway answers the preflight at every path by itself, for the origin that the stack is given."""

import re
from typing import Any

import pytest

from tests.snapshots.stack import template_of_stage

Json = dict[str, Any]

PREFIX = "method.response.header.Access-Control-"


@pytest.fixture(scope="module")
def paths() -> Json:
    found: Json = template_of_stage("prod")["Resources"]["RestAPI"]["Properties"]["DefinitionBody"]["paths"]
    return found


def answer_to_preflight(methods: Json) -> Json:
    integration = methods["options"]["x-amazon-apigateway-integration"]
    assert integration["type"] == "mock"
    answer: Json = integration["responses"]["default"]
    assert answer["statusCode"] == "200"
    parameters: Json = answer["responseParameters"]
    return parameters


def test_every_path_names_all_its_methods_so_that_a_wrong_one_is_refused_in_words(paths: Json) -> None:
    for methods in paths.values():
        allowed = answer_to_preflight(methods)[f"{PREFIX}Allow-Methods"].strip("'").split(",")

        assert {method.lower() for method in allowed} == set(methods)


def test_every_path_allows_the_origin_of_the_stack_and_no_credentials(paths: Json) -> None:
    for methods in paths.values():
        headers = answer_to_preflight(methods)

        assert headers[f"{PREFIX}Allow-Origin"] == {"Fn::Sub": "'${CorsOrigin}'"}
        assert f"{PREFIX}Allow-Credentials" not in headers


def test_an_origin_is_one_origin_or_all() -> None:
    pattern = template_of_stage("prod")["Parameters"]["CorsOrigin"]["AllowedPattern"]

    accepted = ["*", "https://app.example.com", "http://localhost:3000"]
    refused = [
        "",
        "app.example.com",
        "https://app.example.com/",
        "https://*.example.com",
        "https://a.example, https://b",
    ]
    assert [one for one in accepted if not re.fullmatch(pattern, one)] == []
    assert [one for one in refused if re.fullmatch(pattern, one)] == []
