"""What no request may bring along is refused by every dialect in its own words, and nothing is written."""

import json
from typing import Any

import pytest

from chalicelib.model.limits import DEFAULT_LIMITS
from tests.contract.cstar.clients import CStarClient
from tests.contract.kasar.clients import KasarClient
from tests.contract.packagex.pipeline import PipelineClient, data_url

TOO_MANY_KEYS = [{"name": "Ann"}, {f"k{number}": 1 for number in range(DEFAULT_LIMITS.columns)}]
MESSAGE = "The rows have more than 1024 different keys. Leave out those you do not need."


def sync_body(data: object) -> dict[str, Any]:
    return {"upload_mode": "sync", "resource": "customers", "action": "merge", "data": data}


@pytest.mark.parametrize("is_file", [True, False], ids=["file", "records"])
def test_packagex_takes_no_more_keys_than_columns(is_file: bool) -> None:
    pipeline = PipelineClient()
    content = data_url(json.dumps(TOO_MANY_KEYS).encode(), "application/json")

    answer = pipeline.client.post("/v1/imports", sync_body(content if is_file else TOO_MANY_KEYS))

    assert (answer.status_code, answer.json_body["code"]) == (400, "invalid_source")
    assert answer.json_body["message"] == MESSAGE
    assert pipeline.client.get("/v1/records/customers").json_body["data"] == []


def test_cstar_takes_no_more_keys_than_columns() -> None:
    client = CStarClient()

    answer = client.post("/import", {"resource": "customers", "records": TOO_MANY_KEYS})

    assert (answer.status_code, answer.json_body["error"]["code"]) == (400, "parameter_invalid")
    assert answer.json_body["error"]["message"] == MESSAGE
    assert client.exported() == []


def test_kasar_takes_no_more_keys_than_columns() -> None:
    client = KasarClient()

    answer = client.load("contacts", *TOO_MANY_KEYS)

    assert answer.status_code == 400
    assert answer.json_body == {"error": {"code": "VALIDATION_ERROR", "message": MESSAGE}}
    assert client.exported("contacts") == []
