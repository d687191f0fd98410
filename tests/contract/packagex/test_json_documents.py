"""JSON documents whose rows lie somewhere within, through the API: read, or refused with the lists named."""

import json

import pytest

from tests.contract.packagex.pipeline import PipelineClient, counted, data_url

ROWS = [{"email": "a@x.org", "name": "Ann"}, {"email": "b@x.org", "name": "Bob"}]


@pytest.mark.parametrize(
    "document",
    [
        {"meta": {"page": 1}, "data": {"items": ROWS}},
        {"name": "export 2024", "rows_exported": 2, "contacts": ROWS},
        {"links": [{"url": None}], "data": ROWS},
    ],
)
@pytest.mark.parametrize("is_inline", [True, False], ids=["sync", "async"])
def test_the_only_list_of_a_document_is_imported(document: object, is_inline: bool) -> None:
    pipeline, content = PipelineClient(), json.dumps(document).encode()

    shown = (
        pipeline.run(upload_mode="sync", data=data_url(content, "application/json"))
        if is_inline
        else pipeline.upload(content)
    )

    assert (shown["status"], counted(shown)) == ("completed", {"total": 2, "created": 2})


def test_a_page_of_several_is_told_as_a_finding() -> None:
    shown = PipelineClient().upload(json.dumps({"value": ROWS, "@odata.nextLink": "https://x.org/2"}).encode())

    assert [(one["code"], one["field"]) for one in shown["findings"]] == [("more_pages", "@odata.nextLink")]
    assert counted(shown)["created"] == 2


def test_a_request_with_two_lists_is_refused_and_stores_nothing() -> None:
    pipeline = PipelineClient()
    content = json.dumps({"contacts": ROWS, "companies": [{"name": "Acme"}]}).encode()

    answer = pipeline.client.post(
        "/v1/imports",
        {
            "upload_mode": "sync",
            "resource": "contact",
            "action": "merge",
            "data": data_url(content, "application/json"),
        },
    )

    assert (answer.status_code, answer.json_body["code"]) == (400, "ambiguous_list")
    assert "contacts (2 rows), companies (1 row)" in answer.json_body["message"]
    assert pipeline.client.get("/v1/imports").json_body["pagination"]["total_count"] == 0


@pytest.mark.parametrize("action", ["merge", "overwrite"])
def test_an_upload_whose_second_list_lies_behind_a_long_first_one_fails_and_writes_nothing(action: str) -> None:
    pipeline = PipelineClient()
    pipeline.run(upload_mode="sync", data=[{"email": "old@x.org", "name": "Old"}])
    many = [{"email": f"a{n}@x.org", "name": f"A{n}", "notes": "x" * 900} for n in range(1_500)]

    shown = pipeline.upload(json.dumps({"contacts": many, "companies": [{"name": "Acme"}]}).encode(), action=action)

    assert shown["status"] == "failed"
    assert shown["reason"].startswith("ambiguous_list: ")
    assert "contacts (1500 rows), companies (1 row)" in shown["reason"]
    records = pipeline.client.get("/v1/records/contacts").json_body["data"]
    assert [record["email"] for record in records] == ["old@x.org"]
