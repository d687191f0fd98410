"""HAL clients in JavaScript, unchanged, create, upload, watch and list an import of the deployed Talkdesk API."""

import json
from typing import Any

import pytest

from chalicelib.model.api_keys import KeyKind
from local.keys import add_key, new_key
from local.stack import Stack
from tests.clients.workshop import Workshop, is_installed

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.skipif(not is_installed(), reason="the clients could not be installed; `make clients` says why"),
]

SOURCE = (
    "Full Name,Email,Ring Groups,Agent Activation,Internal Extension,External Phone\n"
    "Ann,ann@example.com,,,,\nBob,bob@example.com,,,,\n"
)


@pytest.fixture(scope="module")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Workshop:
    workshop = Workshop(tmp_path_factory.mktemp("clients"))
    workshop.prepare()
    return workshop


@pytest.mark.parametrize("program", ["ketting", "traverson"])
def test_an_import_by_a_hal_client(program: str, workshop: Workshop, stack: Stack) -> None:
    key = new_key(KeyKind.TD_CLIENT)
    add_key(stack, key)
    values = {"BASE_URL": stack.base_url, "TALKDESK_ID": key.key_id, "TALKDESK_SECRET": key.secret}

    ended: Any = json.loads(workshop.run(f"node {program}.mjs", {**values, "TALKDESK_SOURCE": SOURCE}))

    assert ended == {"status": "COMPLETED", "created": 2, "listed": [True]}
