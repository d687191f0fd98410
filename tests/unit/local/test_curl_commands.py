"""The requests to paste are right for every resource."""

import json
import shlex

import pytest

from chalicelib.model.api_keys import KeyKind
from chalicelib.model.catalogue import RESOURCES
from local.client import Client
from local.curl_commands import curl_commands, example_row, token_command
from local.keys import new_key
from tests.import_world import ImportWorld

CLIENT = Client("http://127.0.0.1:8080", "px_local_secret")


def test_three_requests_are_ready_to_paste() -> None:
    imports, records, sync = map(shlex.split, curl_commands(CLIENT, RESOURCES["customers"]))

    assert imports == ["curl", "-s", "http://127.0.0.1:8080/v1/imports", "-H", "PX-API-KEY: px_local_secret"]
    assert records[2] == "http://127.0.0.1:8080/v1/records/customers?limit=3"
    assert json.loads(sync[-1]) == {
        "upload_mode": "sync",
        "resource": "customer",
        "action": "merge",
        "data": [{"external_id": "C-1001", "email": "jane@example.com", "name": "Jane Doe"}],
    }


def test_a_client_gets_its_token_by_pasting() -> None:
    key = new_key(KeyKind.TD_CLIENT)

    words = shlex.split(token_command(CLIENT, key))

    assert words[:3] == ["curl", "-s", "http://127.0.0.1:8080/oauth/token"]
    assert words[3:] == ["-u", f"{key.key_id}:{key.secret}", "-d", "grant_type=client_credentials"]


@pytest.mark.parametrize("name", RESOURCES)
def test_the_example_row_of_every_resource_creates_a_record(name: str) -> None:
    content = json.dumps([example_row(RESOURCES[name])])

    assert ImportWorld().run(content, resource=name).stats.created == 1
