import csv
import json
from pathlib import Path

import pytest

from sluice import Import
from sluice.cli.app import App
from sluice.cli.main import run
from tests.service_in_memory import ServiceInMemory

CSV = b"Name,Email,Notes\nAnn,ann@example.com,x\nBen,wrong,\nCy,cy@@example.com,y,too,many\n"


@pytest.fixture
def service() -> ServiceInMemory:
    return ServiceInMemory()


@pytest.fixture
def done(service: ServiceInMemory) -> Import:
    return service.client().imports.run(CSV, resource="contacts", filename="people.csv")


def sluice(service: ServiceInMemory, *arguments: str) -> int:
    return run(arguments, App(connect=lambda _: service.client()))


def test_rows_are_a_document_a_line(service: ServiceInMemory, done: Import, capsys: pytest.CaptureFixture[str]) -> None:
    assert sluice(service, "imports", "rows", done.id, "--outcome", "all") == 0

    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["outcome"] for line in lines] == ["created", "failed", "failed"]


def test_failed_rows_are_mended_cell_by_cell_and_misshapen_ones_as_a_whole(
    service: ServiceInMemory, done: Import, tmp_path: Path
) -> None:
    file = tmp_path / "mend.csv"
    sluice(service, "imports", "rows", done.id, "-o", str(file))
    with file.open(newline="", encoding="utf-8-sig") as stream:
        rows = list(csv.DictReader(stream))
    rows[0]["Email"], rows[1]["Email"] = "ben@example.com", "cy@example.com"
    with file.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)

    assert sluice(service, "imports", "retry", done.id, str(file)) == 0

    [request] = service.sent("POST", f"/v1/imports/{done.id}/retry")
    assert json.loads(request.content)["rows"] == [
        {"row_number": 2, "values": {"email": "ben@example.com"}},
        {"row_number": 3, "values": {"name": "Cy", "email": "cy@example.com", "notes": "y"}},
    ]
    assert service.client().imports.get(done.id).mended == 2


def test_a_file_of_something_else_mends_nothing(service: ServiceInMemory, done: Import, tmp_path: Path) -> None:
    (tmp_path / "other.csv").write_text("a,b\n1,2\n")

    assert sluice(service, "imports", "retry", done.id, str(tmp_path / "other.csv")) == 3


def test_an_undo_needs_somebody_or_a_yes(service: ServiceInMemory, done: Import) -> None:
    assert sluice(service, "imports", "undo", done.id) == 3
    assert sluice(service, "imports", "undo", done.id, "--preview") == 0
    assert len(list(service.client().records.each("contacts"))) == 1
    assert sluice(service, "imports", "undo", done.id, "--yes") == 0
    assert list(service.client().records.each("contacts")) == []


def test_imports_are_shown_renamed_canceled_and_deleted(
    service: ServiceInMemory, done: Import, capsys: pytest.CaptureFixture[str]
) -> None:
    assert sluice(service, "imports", "rename", done.id, "People") == 0
    assert sluice(service, "imports", "show", done.id) == 1
    assert sluice(service, "imports", "follow", done.id, "--json") == 1
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["name"] == "People"
    assert sluice(service, "imports", "cancel", done.id) == 3
    assert sluice(service, "imports", "delete", done.id) == 0
    assert sluice(service, "imports", "show", done.id) == 3


def test_a_preview_is_confirmed_later(service: ServiceInMemory) -> None:
    rehearsal = service.client().imports.preview([{"name": "Ann", "email": "a@example.com"}], resource="contacts")

    assert sluice(service, "imports", "confirm", rehearsal.id) == 0
    assert sluice(service, "imports", "confirm", rehearsal.id) == 3
