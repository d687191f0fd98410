"""Sources that once took the API function half a minute get an answer of the dialect from the deployed stack."""

from base64 import b64encode

import pytest

from tests.e2e.tenants import Tenants
from tests.hostile_sources import SOURCES

pytestmark = pytest.mark.e2e


@pytest.mark.parametrize(
    ("name", "status", "code", "said"),
    [
        ("json_empty_lists", 413, "payload_too_large", "more than 50000 rows"),
        ("csv_short_rows", 413, "payload_too_large", "more than 50000 rows"),
        ("json_known_then_unknown_keys", 400, "invalid_source", "more than 1024 different keys"),
    ],
)
def test_is_refused_in_the_words_of_packagex(tenants: Tenants, name: str, status: int, code: str, said: str) -> None:
    client = tenants.client()
    data = "data:application/octet-stream;base64," + b64encode(SOURCES[name]()).decode()
    body = {"upload_mode": "sync", "resource": "contact", "action": "merge", "data": data}

    answer = client.post("/v1/imports", body)

    assert said in answer.body["message"]
    assert answer.refusal[:2] == (status, code)
    assert client.records("contacts") == []
