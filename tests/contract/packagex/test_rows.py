"""`GET /v1/imports/{id}/rows`: the rows of an import that has ended, and what became of them."""

import json

from chalicelib.model.limits import DEFAULT_LIMITS
from tests.contract.packagex.bodies import enveloped, refusal
from tests.contract.packagex.pipeline import PipelineClient, data_url
from tests.world import OURS

FIRST = b"name,email\nSee Threepio,see@example.com\n"
SECOND = b"name,email,notes\nThreepio,see@example.com,droid\nLuke Skywalker,wrong,\nKylo Ren,kylo@example.com,\n"


def test_rows_are_told_with_what_they_changed() -> None:
    pipeline = PipelineClient()
    pipeline.run(upload_mode="sync", data=data_url(FIRST))
    shown = pipeline.run(upload_mode="sync", data=data_url(SECOND))
    path = f"/v1/imports/{shown['id']}/rows"

    answer = pipeline.client.get(path)

    ids = [row["record_id"] for row in answer.json_body["data"]]
    updated = {
        "object": "row",
        "row_number": 1,
        "line": 2,
        "given": {"name": "Threepio", "email": "see@example.com", "notes": "droid"},
        "outcome": "updated",
        "record_id": ids[0],
        "problems": [],
        "changes": {
            "first_name": {"from": "See", "to": "Threepio"},
            "last_name": {"from": "Threepio", "to": None},
            "name": {"from": "See Threepio", "to": "Threepio"},
            "notes": {"from": None, "to": "droid"},
        },
        "shortened": False,
    }
    failed = {
        "object": "row",
        "row_number": 2,
        "line": 3,
        "given": {"name": "Luke Skywalker", "email": "wrong", "notes": ""},
        "outcome": "failed",
        "record_id": None,
        "problems": [
            {
                "code": "invalid_email",
                "severity": "error",
                "field": "email",
                "header": "email",
                "value": "wrong",
                "message": "'email' must be a valid email address, not 'wrong'.",
                "hint": "Write it as name@example.com.",
                "facts": {},
            }
        ],
        "changes": None,
        "shortened": False,
    }
    created = {
        "object": "row",
        "row_number": 3,
        "line": 4,
        "given": {"name": "Kylo Ren", "email": "kylo@example.com", "notes": ""},
        "outcome": "created",
        "record_id": ids[2],
        "problems": [],
        "changes": {
            "email": {"from": None, "to": "kylo@example.com"},
            "first_name": {"from": None, "to": "Kylo"},
            "last_name": {"from": None, "to": "Ren"},
            "name": {"from": None, "to": "Kylo Ren"},
        },
        "shortened": False,
    }
    place = {"limit": 100, "page": None, "has_more": False, "total_count": None, "cursor": None}
    assert answer.json_body == enveloped([updated, failed, created], "Rows retrieved.", path, pagination=place)


def test_a_cursor_leads_to_the_rows_behind() -> None:
    pipeline = PipelineClient()
    path = f"/v1/imports/{pipeline.run(upload_mode='sync', data=data_url(SECOND))['id']}/rows?limit=2"

    first = pipeline.client.get(path).json_body
    second = pipeline.client.get(f"{path}&cursor={first['pagination']['cursor']}").json_body

    assert [row["row_number"] for row in first["data"]] == [1, 2]
    assert ([row["row_number"] for row in second["data"]], second["pagination"]["has_more"]) == ([3], False)


def test_rows_are_chosen_by_outcome_code_and_field() -> None:
    pipeline = PipelineClient()
    path = f"/v1/imports/{pipeline.run(upload_mode='sync', data=data_url(SECOND))['id']}/rows"

    for query, numbers in (("outcome=failed&code=invalid_email&field=email", [2]), ("outcome=created", [1, 3])):
        assert [row["row_number"] for row in pipeline.client.get(f"{path}?{query}").json_body["data"]] == numbers


def test_wrong_questions_are_refused_by_name() -> None:
    pipeline = PipelineClient()
    path = f"/v1/imports/{pipeline.run(upload_mode='sync', data=data_url(SECOND))['id']}/rows"

    status, code, errors = refusal(pipeline.client.get(f"{path}?limit=501&outcome=lost&code=x&colour=red"))

    assert (status, code) == (400, "validation_failed")
    assert [error.partition(":")[0] for error in errors] == ["limit", "outcome", "code", "colour"]
    assert refusal(pipeline.client.get(f"{path}?cursor=abc"))[:2] == (400, "validation_failed")
    assert refusal(pipeline.client.get("/v1/imports/imp_none/rows"))[:2] == (404, "import_not_found")


def test_rows_of_an_import_on_its_way_are_refused() -> None:
    pipeline = PipelineClient()
    waiting = pipeline.client.post("/v1/imports", {"upload_mode": "async", "resource": "contact", "action": "merge"})

    answer = pipeline.client.get(f"/v1/imports/{waiting.json_body['data']['id']}/rows")

    assert refusal(answer)[:2] == (409, "import_not_ended")


def test_rows_that_are_no_longer_kept_are_gone() -> None:
    pipeline = PipelineClient()
    shown = pipeline.run(upload_mode="sync", data=[{"name": f"N{n}", "email": f"n{n}@x.com"} for n in range(500)])
    pipeline.client.world.stores.files.delete_files(f"work/{OURS}/")

    assert refusal(pipeline.client.get(f"/v1/imports/{shown['id']}/rows"))[:2] == (410, "rows_expired")


def test_rows_of_long_texts_in_any_script_fit_into_an_answer() -> None:
    pipeline = PipelineClient()
    given = [
        {"name": f"N{n}", "email": f"n{n}@example.com", "notes": "ж" * 200, "other": "ж" * 3_000} for n in range(400)
    ]
    pipeline.run(upload_mode="sync", data=given)
    changing = [row | {"notes": "э" * 200} for row in given]
    path, found = f"/v1/imports/{pipeline.run(upload_mode='sync', data=changing)['id']}/rows?limit=500", 0
    cursor: str | None = ""

    while cursor is not None:
        answer = pipeline.client.get(path + (f"&cursor={cursor}" if cursor else ""))
        assert len(json.dumps(answer.body.decode())) < DEFAULT_LIMITS.response_bytes
        found += len(answer.json_body["data"])
        cursor = answer.json_body["pagination"]["cursor"]

    assert found == 400
