"""The PackageX dialect over the real pipeline: cells arrive as they were meant, or are refused and told."""

from base64 import b64encode
from typing import Any

import pytest

from tests.contract.packagex.pipeline import PipelineClient

GERMAN_PRICES = "sku;name;price\ng0;N;3.000\ng1;N;1.250\ng2;N;12.500\ng3;N;3.001,01\ng4;N;999,90\ng5;N;1.234.567,00\n"
UNSEEN = "external_id,name,phone\nC-1\u200b,Ann,\nC-2,Bob,\u202a+15551234567\u202c\nC-3,\u200b,\n"
UNSEEN_HEADER = "external_id,name\u200b\nC-1,Ann\n"
UK_DATES = "external_id,name,customer_since\nu0,N,01/02/2024\nu1,N,23/01/2024\nu2,N,3/12/2023\n"


def sent(pipeline: PipelineClient, content: str, resource: str, **body: Any) -> Any:
    """The import as it is shown at its end."""
    data = "data:text/csv;base64," + b64encode(content.encode()).decode()
    return pipeline.run(upload_mode="sync", resource=resource, data=data, **body)


def records(pipeline: PipelineClient, path: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = pipeline.client.get(f"/v1/records/{path}").json_body["data"]
    return found


def column(pipeline: PipelineClient, resource: str, key: str, name: str) -> dict[str, Any]:
    return {one[key]: one.get(name) for one in records(pipeline, f"{resource}?limit=100")}


def test_german_prices_are_read_as_their_column_proves() -> None:
    pipeline = PipelineClient()

    shown = sent(pipeline, GERMAN_PRICES, "item")

    assert column(pipeline, "items", "sku", "price") == {
        "g0": "3000",
        "g1": "1250",
        "g2": "12500",
        "g3": "3001.01",
        "g4": "999.9",
        "g5": "1234567",
    }
    [finding] = shown["findings"]
    assert finding == {
        "code": "notation_decided",
        "field": "price",
        "value": "price",
        "message": "Column 'price' was read with a decimal comma, as '3.001,01' (row 4) proves.",
        "hint": "If that is wrong, state reading.decimal, or write the column in one way only.",
    }


def test_prices_that_nothing_proves_are_refused_unless_stated() -> None:
    pipeline, content = PipelineClient(), "sku;name;price\ng0;N;3.000\ng1;N;1.250\ng2;N;7\n"

    refused = sent(pipeline, content, "item")
    sent(pipeline, content, "item", reading={"decimal": "comma"})

    assert (refused["stats"]["created"], refused["problems"]) == (1, {"ambiguous_number": 2})
    assert column(pipeline, "items", "sku", "price") == {"g0": "3000", "g1": "1250", "g2": "7"}


def test_dates_are_read_in_the_order_that_their_column_proves() -> None:
    pipeline = PipelineClient()

    shown = sent(pipeline, UK_DATES, "customers")

    assert column(pipeline, "customers", "external_id", "customer_since") == {
        "u0": "2024-02-01",
        "u1": "2024-01-23",
        "u2": "2023-12-03",
    }
    assert [one["code"] for one in shown["findings"]] == ["notation_decided"]


def test_a_stated_order_fails_dates_of_the_other() -> None:
    pipeline = PipelineClient()

    shown = sent(pipeline, UK_DATES, "customers", reading={"date_order": "month_first"})

    assert column(pipeline, "customers", "external_id", "customer_since") == {"u0": "2024-01-02", "u2": "2023-03-12"}
    assert shown["problems"] == {"notation_differs": 1}


def test_invisible_characters_change_no_identity_and_are_no_name() -> None:
    pipeline = PipelineClient()

    first = sent(pipeline, UNSEEN, "customers")
    again = sent(pipeline, "external_id,name\nC\xad-1,Ann\nC-2\ufeff,Bob\n", "customers")
    header = sent(pipeline, UNSEEN_HEADER, "customers")

    assert (first["stats"]["created"], first["problems"]) == (2, {"required": 1})
    assert (again["stats"]["unchanged"], header["stats"]["unchanged"]) == (2, 1)
    assert header["findings"] == []
    assert column(pipeline, "customers", "name", "phone") == {"Ann": None, "Bob": "+15551234567"}
    assert [one["name"] for one in records(pipeline, "customers?external_id=C%E2%80%8B-1")] == ["Ann"]


def test_a_list_of_separators_only_leaves_the_stored_one() -> None:
    pipeline = PipelineClient()
    sent(pipeline, 'external_id,name,tags\nw1,W,"a,b"\n', "customers")

    shown = sent(pipeline, 'external_id,tags\nw1,","\n', "customers")

    assert shown["stats"]["unchanged"] == 1
    assert column(pipeline, "customers", "external_id", "tags") == {"w1": ["a", "b"]}


def test_stated_words_separators_and_zones_are_used() -> None:
    pipeline = PipelineClient()
    content = "title,tags,is_public,external_id\nT,a/b,x,t1\nU,c,-,t2\n"

    sent(
        pipeline,
        content,
        "articles",
        reading={"list_separator": "/", "true_words": ["x"], "false_words": ["-"], "time_zone": "Europe/Berlin"},
    )

    assert column(pipeline, "articles", "title", "tags") == {"T": ["a", "b"], "U": ["c"]}
    assert column(pipeline, "articles", "title", "isPublic") == {"T": True, "U": False}


@pytest.mark.parametrize(
    ("reading", "error"),
    [
        ({"decimal": "semicolon"}, "decimal: Must be one of point, comma."),
        ({"date_order": "ymd"}, "date_order: Must be one of day_first, month_first."),
        ({"time_zone": "Berlin"}, "time_zone: Must be a time zone by its IANA name, such as Europe/Berlin or UTC."),
        ({"true_words": ["x"], "false_words": ["X"]}, "false_words: 'x' cannot mean true and false."),
    ],
)
@pytest.mark.parametrize("mode", ["sync", "async"])
def test_unknown_options_are_refused_with_those_that_are_known(mode: str, reading: dict[str, Any], error: str) -> None:
    data = [{"name": "Ann"}] if mode == "sync" else None
    body = {"upload_mode": mode, "resource": "contact", "action": "merge", "data": data, "reading": reading}

    answer = PipelineClient().client.post("/v1/imports", body)

    assert answer.status_code == 400
    assert answer.json_body["errors"] == [error]
