"""One end-to-end test per final status, and the ways that lead there."""

import time

import pytest

from tests.e2e.packagex_client import JSON, PackageXClient, counted, put
from tests.e2e.sources import customers_csv
from tests.e2e.stack_internals import StackInternals
from tests.e2e.tenants import Tenants

pytestmark = pytest.mark.e2e

ROWS = 4000
LARGE = customers_csv(1, ROWS)
"""Ten batches, of which two are written at a time: when the first is done, there are others to come."""


@pytest.fixture(scope="module", autouse=True)
def forgotten(tenants: Tenants) -> tuple[PackageXClient, JSON]:
    """An import whose file nobody sends; asked for first, so that its time is over when the last test looks."""
    client = tenants.client()
    return client, client.create()


def is_writing(import_: JSON) -> bool:
    """Whether the first batches are written."""
    return any(phase["name"] == "processing" and phase["processed"] for phase in import_["phases"])


def has_started(import_: JSON, name: str) -> bool:
    return any(phase["name"] == name and phase["started_at"] for phase in import_["phases"])


def assert_accounted(client: PackageXClient, import_: JSON) -> None:
    """Asserts that what was written is there and counted, and the rest counted as unprocessed."""
    stats = import_["stats"]
    assert stats["created"] + stats["unprocessed"] == stats["total"] == ROWS
    assert stats["created"] > 0
    assert stats["unprocessed"] > 0
    assert len(client.each_record()) == stats["created"]


def test_an_import_is_requested_then_queued_then_processing_then_completed(client: PackageXClient) -> None:
    created = client.create()
    seen = [created["status"]]
    put(created["_upload_url"], customers_csv(1, 1500))

    def is_over(import_: JSON) -> bool:
        seen.append(import_["status"])
        return bool(import_["status"] == "completed")

    import_ = client.wait_until(created["id"], is_over)

    assert list(dict.fromkeys(seen)) == [
        one for one in ("requested", "queued", "processing", "completed") if one in seen
    ]
    assert {"requested", "processing", "completed"} <= set(seen)
    assert [(phase["name"], phase["status"], phase["total"], phase["success"]) for phase in import_["phases"]] == [
        *((name, "completed", 1500, 1500) for name in ("prevalidation", "preparsing", "transforming")),
        *((name, "completed", 1500, 1500) for name in ("parsing", "validation", "processing")),
        ("cleanup", "skipped", 0, 0),
    ]
    assert counted(import_) == {"total": 1500, "created": 1500}


@pytest.mark.parametrize(
    ("content", "wanted", "reason"),
    [
        (b"%PDF-1.7\n1 0 obj\n", {}, "a PDF"),
        (b"", {}, "The source is empty."),
        (b"\x1f\x8b\x08\x00 and no more", {}, "The gzip file is damaged"),
        (b"PK\x03\x04 and no more", {}, "damaged_workbook"),
        (b"name,email\nAnn,ann@example.com\n", {"column_mapping": {"phone": "Tel"}}, "'Tel' is not in the file"),
    ],
    ids=["pdf", "empty", "damaged gzip", "damaged workbook", "mapped header missing"],
)
def test_a_source_that_cannot_be_read_fails_with_its_reason(
    client: PackageXClient, content: bytes, wanted: JSON, reason: str
) -> None:
    import_ = client.run(content, **wanted)

    assert import_["status"] == "failed"
    assert reason in import_["reason"]
    assert client.records() == []


def test_an_import_canceled_while_requested_has_failed_and_takes_no_file_any_more(
    client: PackageXClient, internals: StackInternals
) -> None:
    created = client.create()

    canceled = client.post(f"/v1/imports/{created['id']}", {"status": "canceled"}).data

    assert (canceled["status"], canceled["reason"], canceled["_upload_url"]) == ("failed", "canceled", None)
    assert put(created["_upload_url"], customers_csv(1, 3)) == 200
    assert internals.versions_left(created, 0) == []
    assert client.show(created["id"]) == canceled
    assert internals.executions(created) == {}


def test_an_import_canceled_while_it_runs_keeps_and_counts_what_was_written(client: PackageXClient) -> None:
    import_id = client.upload(LARGE)
    client.wait_until(import_id, is_writing)

    asked = client.post(f"/v1/imports/{import_id}", {"status": "canceled", "name": "the wrong file"}).data

    import_ = client.wait(import_id)
    again = client.post(f"/v1/imports/{import_id}", {"status": "canceled"})
    assert (asked["status"], asked["name"]) == ("processing", "the wrong file")
    assert (import_["status"], import_["reason"]) == ("failed", "canceled")
    assert_accounted(client, import_)
    assert again.refusal == (409, "import_already_ended", [])


def test_an_import_whose_time_runs_out_while_it_runs_keeps_and_counts_what_was_written(
    client: PackageXClient, internals: StackInternals
) -> None:
    import_id = client.upload(LARGE)

    internals.pass_deadline(client.wait_until(import_id, is_writing))

    import_ = client.wait(import_id)
    assert (import_["status"], import_["reason"]) == ("timed_out", "timed_out")
    assert_accounted(client, import_)


def test_the_reaper_times_out_what_never_began_and_leaves_what_has_time(
    client: PackageXClient, internals: StackInternals
) -> None:
    waiting, late = client.create(), client.create()
    internals.queue(waiting, deadline_at=int(time.time()) + 3600)
    internals.queue(late, deadline_at=int(time.time()) - 2)

    internals.reap()

    ended, queued = client.wait(late["id"]), client.show(waiting["id"])
    assert (queued["status"], queued["_upload_url"]) == ("queued", None)
    assert ended["status"] == "timed_out"
    assert ended["reason"].startswith("timed_out: the import was not done by ")


def test_an_import_whose_execution_is_stopped_fails_with_its_rows_accounted(
    client: PackageXClient, internals: StackInternals
) -> None:
    import_id = client.upload(LARGE)

    internals.abort(client.wait_until(import_id, lambda import_: has_started(import_, "transforming")))

    import_ = client.wait(import_id)
    assert import_["status"] == "failed"
    assert import_["reason"] == "internal_error: the import's execution ended as ABORTED"
    assert counted(import_) == {"total": ROWS, "unprocessed": ROWS}
    assert client.records() == []


def test_an_import_whose_file_does_not_come_in_time_expires(
    forgotten: tuple[PackageXClient, JSON], internals: StackInternals
) -> None:
    client, created = forgotten
    time.sleep(max(0.0, created["created_at"] + 32 - time.time()))
    late = put(created["_upload_url"], customers_csv(1, 3))

    internals.reap()

    import_ = client.show(created["id"])
    assert late == 403
    assert (import_["status"], import_["_upload_url"]) == ("expired", None)
    assert import_["reason"].startswith("upload_not_received: no file arrived until ")
    assert [phase["status"] for phase in import_["phases"]] == ["skipped"] * 7
