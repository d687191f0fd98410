"""The catalogue as PackageX clients see it."""

from base64 import b64decode

import pytest

from tests.contract.packagex.clients import PackageXClient
from tests.contract.packagex.pipeline import PipelineClient

NAMES = ["article", "asset", "company", "contact", "customer", "group", "item", "opportunity", "ticket", "user"]


def test_every_resource_is_listed() -> None:
    response = PackageXClient().get("/v1/resources")

    assert response.status_code == 200
    assert [one["name"] for one in response.json_body["data"]] == NAMES
    assert response.json_body["pagination"] is None


def test_a_resource_says_what_it_takes() -> None:
    response = PackageXClient().get("/v1/resources/opportunities")

    data = response.json_body["data"]
    fields = {one["name"]: one for one in data["fields"]}
    assert (data["name"], data["plural"]) == ("opportunity", "opportunities")
    assert fields["probability"] == {
        "name": "probability",
        "label": "Probability",
        "type": "integer",
        "required": False,
        "read_only": False,
        "stored": True,
        "choices": [],
        "aliases": ["probability %", "win probability"],
        "max_length": None,
        "default": None,
        "example": "60",
        "help": "Percent.",
    }
    assert fields["created_at"]["read_only"]
    assert data["identities"] == [["id"], ["external_id"]]
    assert data["any_of"] == []
    assert data["references"] == [
        {"field": "company_name", "resource": "company", "by": ["name"]},
        {"field": "contact_email", "resource": "contact", "by": ["email"]},
    ]
    assert data["actions"] == ["merge", "overwrite", "create", "update", "delete"]


def test_choices_defaults_and_groups_are_told() -> None:
    client = PackageXClient()
    status = next(
        one for one in client.get("/v1/resources/ticket").json_body["data"]["fields"] if one["name"] == "status"
    )

    assert (status["choices"], status["default"]) == (["new", "open", "pending", "resolved", "closed"], "new")
    assert client.get("/v1/resources/contact").json_body["data"]["any_of"] == [["name", "first_name", "last_name"]]


def test_a_template_is_the_header_line_and_an_example() -> None:
    templates = PackageXClient().get("/v1/resources/group").json_body["data"]["templates"]

    content_type, _, content = templates["csv"].partition(";base64,")
    assert content_type == "data:text/csv"
    assert b64decode(content).decode() == (
        "id,external_id,name,resource,location,children,notes,metadata\r\n"
        'grp_0001,G-3,Pilots,contact,Head Office,"alice@example.com,bob@example.com",Night shift,"{""floor"": 3}"\r\n'
    )


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_template_can_be_imported_as_it_is(name: str, kind: str) -> None:
    pipeline = PipelineClient()
    template = pipeline.client.get(f"/v1/resources/{name}").json_body["data"]["templates"][kind]

    import_ = pipeline.run(upload_mode="sync", resource=name, data=template)

    assert (import_["stats"]["created"], import_["stats"]["failed"]) == (1, 0)


def test_what_is_no_resource_is_not_found() -> None:
    body = PackageXClient().get("/v1/resources/spaceship").json_body

    assert (body["status"], body["code"], body["data"]) == (404, "resource_not_found", {})
