import json
from pathlib import Path

import pytest

from sluice import ExportStopped, NotFound, WaitedTooLong
from tests.service_in_memory import ServiceInMemory


@pytest.fixture
def service() -> ServiceInMemory:
    service = ServiceInMemory()
    service.world.write("con_1", {"name": "Ann", "status": "active"})
    service.world.write("con_2", {"name": "Ben", "status": "inactive"})
    return service


def test_an_export_is_asked_for_and_its_files_are_fetched(service: ServiceInMemory, tmp_path: Path) -> None:
    done = service.client().exports.run("contacts", formats=["csv", "json"], fields=["name", "status"])

    path = done.download(tmp_path / "contacts.json", format="json")

    assert {row["name"] for row in json.loads(path.read_text())} == {"Ann", "Ben"}
    assert [(one.format, one.rows) for one in done.files][:2] == [("csv", 2), ("json", 2)]


def test_a_filter_chooses_records(service: ServiceInMemory) -> None:
    done = service.client().exports.run("contacts", format="csv", options={"status": "active"})

    assert done.files[0].rows == 1


def test_a_format_that_was_not_asked_for_is_not_there(service: ServiceInMemory, tmp_path: Path) -> None:
    done = service.client().exports.run("contacts", format="csv")

    with pytest.raises(NotFound):
        done.download(tmp_path / "contacts.json", format="json")

    assert list(tmp_path.iterdir()) == []


def test_an_export_is_canceled_renamed_listed_and_deleted(service: ServiceInMemory) -> None:
    service.is_resting = True
    exports = service.client().exports
    begun = exports.start("contacts")

    begun.rename("Everything")
    begun.cancel()
    service.work()
    ended = begun.refresh()
    listed = [one.name for one in exports.each()]
    ended.delete()

    assert (ended.has_ended, listed, list(exports.each())) == (True, ["Everything"], [])


def test_an_export_that_takes_too_long_is_left_alone(service: ServiceInMemory) -> None:
    service.is_resting = True

    with pytest.raises(WaitedTooLong):
        service.client().exports.run("contacts", timeout_s=0)


def test_an_export_that_does_not_complete_is_raised(service: ServiceInMemory) -> None:
    service.is_resting = True
    client = service.client()
    begun = client.exports.start("contacts")
    begun.cancel()
    service.work()

    assert begun.wait().status != "completed"
    assert ExportStopped(begun.wait()).outcome.id == begun.id
