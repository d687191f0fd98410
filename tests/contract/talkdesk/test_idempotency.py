"""`Idempotency-Key` in Talkdesk's words: the file is taken once, the answer given as often as asked."""

import pytest
from chalice.test import HTTPResponse

from chalicelib.access.context import Caller
from chalicelib.imports.service import list_imports
from tests.contract.talkdesk.clients import CREATE, TalkdeskClient
from tests.world import OURS

ANN = f"{CREATE}Ann Lee,ann@example.com,,,,\n"
BOB = f"{CREATE}Bob Ray,bob@example.com,,,,\n"


def send(client: TalkdeskClient, key: str, content: str = ANN) -> HTTPResponse:
    path = "?type=CREATE_USERS&filename=users.csv"
    return client.request("POST", path, content.encode(), Content_Type="text/csv", Idempotency_Key=key)


def count(client: TalkdeskClient) -> int:
    caller = Caller(tenant_id=OURS, key_id="key_test", scopes=frozenset())
    return list_imports(client.world.context, caller, page=1, per_page=10).total


def test_a_file_that_is_sent_again_under_its_key_is_taken_once() -> None:
    client = TalkdeskClient()

    first, again = send(client, "k1"), send(client, "k1")

    assert (first.status_code, again.status_code) == (201, 201)
    assert again.body == first.body
    assert again.headers["Idempotent-Replayed"] == "true"
    assert count(client) == 1


def test_another_file_under_the_same_key_is_refused() -> None:
    client = TalkdeskClient()
    send(client, "k1")

    response = send(client, "k1", BOB)

    assert response.status_code == 422
    assert response.json_body["code"] == "idempotency_key_reused"
    assert set(response.json_body) == {"code", "message", "fields"}
    assert count(client) == 1


@pytest.mark.parametrize("key", [" ", "k" * 256], ids=["blank", "too long"])
def test_a_key_that_cannot_be_one_is_refused(key: str) -> None:
    client = TalkdeskClient()

    response = send(client, key)

    assert response.status_code == 400
    assert response.json_body["code"] == "invalid_parameter"
    assert [one["name"] for one in response.json_body["fields"]] == ["Idempotency-Key"]
    assert count(client) == 0
