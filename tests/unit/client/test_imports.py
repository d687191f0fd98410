import json
from pathlib import Path
from typing import Any

import pytest

from sluice import Import, ImportStopped, NotFound, Progress, RowsFailed, SourceUnreadable, WaitedTooLong
from tests.service_in_memory import ServiceInMemory

CSV = b"Name,Email\nKylo Ren,kylo@example.com\nHan Solo,wrong\n"


@pytest.fixture
def service() -> ServiceInMemory:
    return ServiceInMemory()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "people.csv"
    path.write_bytes(CSV)
    return path


def body_of_creation(service: ServiceInMemory) -> dict[str, Any]:
    body: dict[str, Any] = json.loads(service.sent("POST", "/v1/imports")[0].content)
    return body


def test_a_file_is_imported_to_the_end(service: ServiceInMemory, file: Path) -> None:
    done = service.client().imports.run(file, resource="contacts")

    assert (done.status, done.stats.total, done.stats.created, done.stats.failed) == ("completed", 2, 1, 1)
    assert [row.problems[0].code for row in done.rows(outcome="failed")] == ["invalid_email"]


def test_a_file_is_merged_and_of_equal_rows_the_first_is_kept(service: ServiceInMemory, file: Path) -> None:
    service.client().imports.run(file, resource="contacts", max_failed="50%")

    assert body_of_creation(service) == {
        "upload_mode": "async",
        "resource": "contacts",
        "action": "merge",
        "duplicate_handling": "use_first",
        "max_failed": "50%",
        "filename": "people.csv",
        "content_type": "text/csv",
        "size_bytes": len(CSV),
    }


def test_options_win_over_what_is_usual(service: ServiceInMemory, file: Path) -> None:
    service.client().imports.run(file, resource="contacts", action="create", duplicate_handling="ignore_all")

    body = body_of_creation(service)
    assert (body["action"], body["duplicate_handling"]) == ("create", "ignore_all")


def test_words_and_dates_of_the_file_mean_what_is_stated(service: ServiceInMemory) -> None:
    rows = b"Name,Status,Customer Since\nAnn,paused,03/04/2024\n"
    words = {"status": {"paused": "inactive"}}

    done = service.client().imports.run(
        rows, resource="customers", value_mapping=words, reading={"date_order": "day_first"}
    )

    [record] = service.client().records.each("customers")
    assert (record.fields["status"], record.fields["customer_since"]) == ("inactive", "2024-04-03")
    assert (done.value_mapping, done.reading) == (words, {"date_order": "day_first"})


def test_rows_and_bytes_are_imported_like_files(service: ServiceInMemory) -> None:
    imports = service.client().imports

    rows = imports.run([{"name": "Ann", "email": "ann@example.com"}], resource="contacts")
    content = imports.run(CSV, resource="contacts", filename="people.csv")

    assert (rows.stats.created, content.stats.created) == (1, 1)


def test_progress_tells_bytes_first_and_then_the_import(service: ServiceInMemory, file: Path) -> None:
    told: list[Progress] = []

    service.client().imports.run(file, resource="contacts", on_progress=told.append)

    assert told[0] == Progress(bytes_sent=len(CSV), bytes_total=len(CSV))
    assert told[-1].state is not None
    assert told[-1].state.status == "completed"


def test_a_preview_writes_nothing_until_it_is_confirmed(service: ServiceInMemory, file: Path) -> None:
    client = service.client()

    rehearsal = client.imports.preview(file, resource="contacts")
    before = list(client.records.each("contacts"))
    done = rehearsal.confirm(name="Second thought").wait()

    assert (rehearsal.is_preview, rehearsal.stats.created, before) == (True, 1, [])
    assert (done.preview_of, done.name, done.stats.created) == (rehearsal.id, "Second thought", 1)
    assert [one.fields["email"] for one in client.records.each("contacts")] == ["kylo@example.com"]


def test_an_import_that_does_not_complete_is_raised(service: ServiceInMemory) -> None:
    with pytest.raises(ImportStopped, match="no_known_header") as raised:
        service.client().imports.run(b"Belegnr,Betrag\n1,2\n", resource="contacts", filename="umsatz.csv")

    assert raised.value.outcome.status == "failed"


def test_rows_that_failed_are_raised_when_that_is_asked_for(service: ServiceInMemory, file: Path) -> None:
    done = service.client().imports.run(file, resource="contacts")

    with pytest.raises(RowsFailed, match="1 of 2 rows"):
        done.raise_for_rows()


def test_an_import_that_takes_too_long_is_left_alone(service: ServiceInMemory, file: Path) -> None:
    service.is_resting = True
    begun = service.client().imports.start(file, resource="contacts")

    with pytest.raises(WaitedTooLong, match="queued"):
        begun.wait(timeout_s=0)
    service.work()

    assert begun.wait(timeout_s=0).status == "completed"


def test_an_import_is_canceled_renamed_and_deleted(service: ServiceInMemory, file: Path) -> None:
    service.is_resting = True
    client = service.client()
    begun = client.imports.start(file, resource="contacts")

    renamed, canceled = begun.rename("People"), begun.cancel()
    service.work()
    begun.delete()

    assert (renamed.name, canceled.is_canceled) == ("People", True)
    with pytest.raises(NotFound):
        client.imports.get(begun.id)


def test_rows_come_in_pages_as_they_are_wanted(service: ServiceInMemory) -> None:
    rows = [{"name": f"Person {n}", "email": f"p{n}@example.com"} for n in range(7)]
    done = service.client().imports.run(rows, resource="contacts")
    path = f"/v1/imports/{done.id}/rows"

    found = done.rows(limit=3)
    first = next(found)
    asked = len(service.sent("GET", path))

    assert (first.number, first.changes and first.changes["name"].after, asked) == (1, "Person 0", 1)
    assert [row.number for row in found] == [2, 3, 4, 5, 6, 7]
    assert len(service.sent("GET", path)) == 3


def test_imports_are_listed_newest_first_over_all_pages(service: ServiceInMemory) -> None:
    client = service.client()
    for name in ("one", "two", "three"):
        service.world.now += 1
        client.imports.run([{"name": name, "email": f"{name}@example.com"}], resource="contacts", name=name)

    assert [one.name for one in client.imports.each(limit=2)] == ["three", "two", "one"]


def test_the_errors_file_is_written_whole(service: ServiceInMemory, file: Path, tmp_path: Path) -> None:
    done = service.client().imports.run(file, resource="contacts")

    path = done.download(tmp_path / "errors.csv")

    assert "invalid_email" in path.read_text()
    assert sorted(one.name for one in tmp_path.iterdir()) == ["errors.csv", "people.csv"]


def test_a_mapping_is_suggested(service: ServiceInMemory) -> None:
    suggestion = service.client().imports.suggest(
        resource="contacts", headers=["Vorname", "E-Mail-Adresse"], samples=[["Jana", "jana@example.com"]]
    )

    assert suggestion.column_mapping["email"] == "E-Mail-Adresse"
    assert [one.header for one in suggestion.columns] == ["Vorname", "E-Mail-Adresse"]


@pytest.mark.parametrize("name", ["absent.csv", ""])
def test_what_is_no_file_is_not_sent(service: ServiceInMemory, tmp_path: Path, name: str) -> None:
    with pytest.raises(SourceUnreadable):
        service.client().imports.run(tmp_path / name, resource="contacts")

    assert service.requests == []


def test_an_import_keeps_what_this_version_does_not_know() -> None:
    import_ = Import.from_json({"id": "imp_1", "status": "completed", "colour": "blue"})

    assert (import_.id, import_.raw["colour"]) == ("imp_1", "blue")
