import csv
import json

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


def test_written_rows_have_all_columns_of_the_file(
    service: ServiceInMemory, done: Import, capsys: pytest.CaptureFixture[str]
) -> None:
    """The first row that failed may be a short one."""
    short = service.client().imports.run(b"Name,Email,Notes\nBen\nCy,cy,y\n", resource="contacts", filename="a.csv")
    capsys.readouterr()

    assert sluice(service, "imports", "rows", short.id, "-o", "-") == 0

    rows = list(csv.DictReader(capsys.readouterr().out.splitlines()))
    assert [(row["_row_number"], row["Name"], row["Email"], row["Notes"]) for row in rows] == [
        ("1", "Ben", "", ""),
        ("2", "Cy", "cy", "y"),
    ]


def test_standard_output_stays_open(service: ServiceInMemory, done: Import, capsys: pytest.CaptureFixture[str]) -> None:
    sluice(service, "imports", "rows", done.id, "-o", "-")
    sluice(service, "imports", "rename", done.id, "People")

    assert capsys.readouterr().out.splitlines()[-1].startswith(done.id)


def test_an_undo_needs_somebody_or_a_yes(service: ServiceInMemory, done: Import) -> None:
    assert sluice(service, "imports", "undo", done.id) == 2
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


def test_a_strict_confirm_leaves_alone_what_was_changed_since(service: ServiceInMemory) -> None:
    client, ann = service.client(), {"name": "Ann", "email": "a@example.com"}
    client.imports.run([ann], resource="contacts")
    rehearsal = client.imports.preview([ann | {"name": "Anne"}], resource="contacts")
    service.world.now += 60
    client.imports.run([ann | {"notes": "changed meanwhile"}], resource="contacts")

    assert sluice(service, "imports", "confirm", rehearsal.id, "--strict") == 1
    [record] = client.records.each("contacts")
    assert record.fields["name"] == "Ann"


def test_a_preview_is_confirmed_later(service: ServiceInMemory) -> None:
    rehearsal = service.client().imports.preview([{"name": "Ann", "email": "a@example.com"}], resource="contacts")

    assert sluice(service, "imports", "confirm", rehearsal.id) == 0
    assert sluice(service, "imports", "confirm", rehearsal.id) == 3
