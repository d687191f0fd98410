"""`"preview": true`, and the guard rails `max_failed` and `max_deleted`: what an import would do, and what stops it."""

import pytest

from chalicelib.stores.memory import MemoryEvents
from tests.contract.packagex.bodies import NOTHING, a_phase, enveloped, import_body, refusal
from tests.contract.packagex.clients import JSON, PackageXClient
from tests.contract.packagex.pipeline import PipelineClient, counted, data_url
from tests.world import NOW

FIRST = b"name,email\nSee Threepio,see@example.com\nKylo Ren,kylo@example.com\n"
SECOND = b"name,email\nThreepio,see@example.com\nHan Solo,han@example.com\nLuke Skywalker,wrong\n"
DAY = 24 * 3600
LATER = NOW + 60
"""When the records have been there for a minute."""


def a_pipeline() -> PipelineClient:
    pipeline = PipelineClient()
    pipeline.upload(FIRST)
    pipeline.client.world.now = LATER
    return pipeline


def records(pipeline: PipelineClient) -> list[JSON]:
    found: list[JSON] = pipeline.client.get("/v1/records/contacts").json_body["data"]
    return found


@pytest.mark.parametrize("mode", ["async", "sync"])
def test_a_preview_shows_the_import_that_it_would_be(mode: str) -> None:
    pipeline = a_pipeline()
    before = records(pipeline)

    shown = (
        pipeline.upload(SECOND, preview=True)
        if mode == "async"
        else pipeline.run(upload_mode="sync", data=data_url(SECOND), preview=True)
    )

    assert (shown["status"], shown["reason"], shown["is_preview"]) == ("completed", None, True)
    assert shown["confirm_until"] == LATER + 7 * DAY
    assert counted(shown) == {"total": 3, "created": 1, "updated": 1, "failed": 1}
    assert [(one["name"], one["status"], one["total"]) for one in shown["phases"]][4:] == [
        ("validation", "completed", 2),
        ("processing", "completed", 2),
        ("cleanup", "skipped", 0),
    ]
    assert records(pipeline) == before


def test_the_rows_of_a_preview_tell_what_would_change() -> None:
    pipeline = a_pipeline()
    shown = pipeline.upload(SECOND, preview=True)

    rows = pipeline.client.get(f"/v1/imports/{shown['id']}/rows").json_body["data"]

    assert [(row["outcome"], (row["changes"] or {}).get("name")) for row in rows] == [
        ("updated", {"from": "See Threepio", "to": "Threepio"}),
        ("created", {"from": None, "to": "Han Solo"}),
        ("failed", None),
    ]


def test_a_preview_of_an_overwrite_counts_what_it_would_delete() -> None:
    pipeline = a_pipeline()

    shown = pipeline.upload(b"name,email\nThreepio,see@example.com\n", action="overwrite", preview=True)

    assert counted(shown) == {"total": 1, "updated": 1, "overwritten": 1}
    assert shown["phases"][-1]["status"] == "completed"
    assert len(records(pipeline)) == 2


def test_a_preview_is_announced_as_nothing_but_previewed() -> None:
    pipeline = a_pipeline()
    events = pipeline.client.world.stores.events
    assert isinstance(events, MemoryEvents)
    events.published.clear()

    completed = pipeline.upload(SECOND, preview=True)
    failed = pipeline.upload(SECOND, preview=True, max_failed=0)

    assert [(one.event_type, one.detail_type, one.job_id, one.status) for one in events.published] == [
        ("import.previewed", "Import previewed", completed["id"], "completed"),
        ("import.previewed", "Import previewed", failed["id"], "failed"),
    ]


def test_an_import_that_is_asked_for_as_a_preview_says_so_at_once() -> None:
    client = PackageXClient()
    asked = {"upload_mode": "async", "resource": "contact", "action": "merge", "preview": True, "max_failed": "2.50%"}

    response = client.post("/v1/imports", asked | {"max_deleted": 5})

    assert response.json_body == enveloped(
        import_body(is_preview=True, max_failed="2.5%", max_deleted=5),
        "Import created. PUT the file to _upload_url.",
        "/v1/imports",
        201,
    )


def test_previews_are_listed_with_the_imports_of_their_resource() -> None:
    pipeline = a_pipeline()
    shown = pipeline.upload(SECOND, preview=True)

    for path in ("/v1/imports", "/v1/imports?resource=contact"):
        page = pipeline.client.get(path).json_body
        assert [one["id"] for one in page["data"]][:1] == [shown["id"]]
        assert page["pagination"]["total_count"] == 2


def test_an_import_that_breaks_a_guard_rail_fails_and_writes_nothing() -> None:
    pipeline = a_pipeline()
    before = records(pipeline)

    shown = pipeline.upload(SECOND, max_failed="5%")

    assert (shown["status"], shown["reason"]) == ("failed", "max_failed: 1 of 3 rows, limit 5%")
    assert shown["stats"] == NOTHING | {"total": 3, "failed": 1, "unprocessed": 2}
    assert shown["phases"][5] == a_phase("processing", status="failed", total=2, started_at=LATER, ended_at=LATER)
    assert (shown["has_errors_file"], shown["confirm_until"]) == (True, None)
    assert records(pipeline) == before


@pytest.mark.parametrize("limit", [1, "34%", None])
def test_an_import_within_its_guard_rail_is_done(limit: object) -> None:
    shown = a_pipeline().upload(SECOND, max_failed=limit)

    assert (shown["status"], counted(shown)) == ("completed", {"total": 3, "created": 1, "updated": 1, "failed": 1})


def test_an_overwrite_that_would_delete_too_much_deletes_nothing() -> None:
    pipeline = a_pipeline()

    shown = pipeline.upload(b"name,email\nThreepio,see@example.com\n", action="overwrite", max_deleted="10%")

    assert (shown["status"], shown["reason"]) == ("failed", "max_deleted: 1 of 2 records, limit 10%")
    assert len(records(pipeline)) == 2


@pytest.mark.parametrize("name", ["max_failed", "max_deleted"])
@pytest.mark.parametrize("given", [-1, 1.5, True, "5", "5 %", "101%", "2.555%", "", [], "many", 1_000_000_001, 10**30])
def test_a_guard_rail_is_a_number_or_a_part(name: str, given: object) -> None:
    asked = {"upload_mode": "async", "resource": "contact", "action": "merge", name: given}

    status, code, errors = refusal(PackageXClient().post("/v1/imports", asked))

    assert (status, code) == (400, "validation_failed")
    assert errors
    assert all(one.startswith(name) for one in errors)
