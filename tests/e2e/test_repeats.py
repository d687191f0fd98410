"""Repetitions: of the file, of the event about it, and another file on the same URL. Nothing is doubled or replaced."""

import pytest

from tests.e2e.packagex_client import PackageXClient, counted, put
from tests.e2e.stack_internals import StackInternals

pytestmark = pytest.mark.e2e

FILE = b"name,email,external_id\nAnn,ann@example.com,1\nBen,ben@example.com,\nCleo,,3\n"


def test_the_same_file_again_changes_nothing(client: PackageXClient) -> None:
    client.run(FILE)
    before = client.each_record()

    again = client.run(FILE)

    assert counted(again) == {"total": 3, "unchanged": 3}
    assert client.each_record() == before


def test_the_event_about_an_upload_starts_one_import_however_often_it_comes(
    client: PackageXClient, internals: StackInternals
) -> None:
    created = client.create()
    put(created["_upload_url"], FILE)
    internals.repeat_file_event(created)
    internals.repeat_file_event(created)
    import_ = client.wait(created["id"])
    before = client.each_record()

    internals.repeat_file_event(created)

    assert client.show(created["id"]) == import_
    assert list(internals.executions(created).values()) == ["SUCCEEDED"]
    assert counted(import_) == {"total": 3, "created": 3}
    assert [one["id"] for one in client.get("/v1/imports").data] == [created["id"]]
    assert client.each_record() == before
    assert {record["version"] for record in before} == {1}


def test_a_second_file_on_the_same_url_changes_nothing(client: PackageXClient, internals: StackInternals) -> None:
    created = client.create()
    put(created["_upload_url"], FILE)
    client.wait(created["id"], "queued", "processing", "completed")

    status = put(created["_upload_url"], b"name,email\nMallory,mallory@example.com\n")

    left = internals.versions_left(created, 1)
    import_ = client.wait(created["id"])
    internals.repeat_file_event(created)
    assert (status, len(left)) == (200, 1)
    assert client.show(created["id"]) == import_
    assert counted(import_) == {"total": 3, "created": 3}
    assert list(internals.executions(created).values()) == ["SUCCEEDED"]
    assert [record["name"] for record in client.records()] == ["Ann", "Ben", "Cleo"]
