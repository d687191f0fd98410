"""What no request may bring along is refused by every dialect in its own words, and nothing is written."""

import json
from typing import Any

import pytest

from chalicelib.model.limits import DEFAULT_LIMITS, Limits
from tests.contract.cstar.clients import CStarClient
from tests.contract.kasar.clients import KasarClient
from tests.contract.packagex.clients import PackageXClient
from tests.contract.packagex.pipeline import PipelineClient, data_url
from tests.real_pipeline import connect_pipeline
from tests.world import World

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


FEW_ROWS = Limits(sync_import_rows=2)
THREE = [{"name": "Ann"}, {"name": "Bob"}, {"name": "Cyd"}]


def test_packagex_sends_callers_with_more_rows_to_the_signed_upload() -> None:
    world = World(FEW_ROWS)
    connect_pipeline(world)
    client = PackageXClient(world)

    answer = client.post("/v1/imports", sync_body(data_url(b"name\nAnn\nBob\nCyd\n")))

    assert (answer.status_code, answer.json_body["code"]) == (413, "payload_too_large")
    assert answer.json_body["message"] == (
        "The source has more than 2 rows. Use upload_mode async and PUT the file to its _upload_url."
    )


def test_kasar_asks_for_fewer_records_and_writes_none() -> None:
    client = KasarClient(World(FEW_ROWS))

    answer = client.load("contacts", *THREE)

    assert answer.status_code == 413
    message = "The source has more than 2 rows. Send fewer records, or smaller ones, at a time."
    assert answer.json_body == {"error": {"code": "PAYLOAD_TOO_LARGE", "message": message}}
    assert client.exported("contacts") == []


def test_reading_that_takes_too_long_is_refused_before_anything_is_written() -> None:
    client = KasarClient(World(Limits(inline_read_cpu_s=0)))

    answer = client.load("contacts", *THREE)

    assert (answer.status_code, answer.json_body["error"]["code"]) == (413, "PAYLOAD_TOO_LARGE")
    assert client.exported("contacts") == []
