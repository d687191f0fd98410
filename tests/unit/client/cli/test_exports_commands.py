import json
import re
from pathlib import Path

import httpx
import pytest

from sluice.cli.app import App
from sluice.cli.main import run
from tests.service_in_memory import ServiceInMemory, passed


@pytest.fixture
def service() -> ServiceInMemory:
    service = ServiceInMemory()
    service.world.write("con_1", {"name": "Ann", "email": "ann@example.com", "status": "active"})
    service.world.write("con_2", {"name": "Ben", "email": "ben@example.com", "status": "inactive"})
    return service


def sluice(service: ServiceInMemory, *arguments: str) -> int:
    return run(arguments, App(connect=lambda _: service.client()))


def test_the_ending_of_a_file_says_its_format(service: ServiceInMemory, tmp_path: Path) -> None:
    path = tmp_path / "people.json"

    assert sluice(service, "export", "contacts", "-o", str(path), "--where", "status=active", "--fields", "name") == 0
    assert json.loads(path.read_text()) == [{"name": "Ann"}]


def test_exports_are_listed_and_fetched_again(
    service: ServiceInMemory, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sluice(service, "export", "contacts", "-o", str(tmp_path / "a.csv"), "--order-by", "name")
    sluice(service, "exports", "list", "--json")
    [listed] = json.loads(capsys.readouterr().out)

    assert sluice(service, "exports", "download", listed["id"], "csv", str(tmp_path / "b.csv")) == 0
    assert (tmp_path / "a.csv").read_bytes() == (tmp_path / "b.csv").read_bytes()
    assert sluice(service, "exports", "cancel", listed["id"]) == 3


def test_a_schedule_lives(service: ServiceInMemory, capsys: pytest.CaptureFixture[str]) -> None:
    assert sluice(service, "schedules", "create", "rate(1 hour)", "contacts", "--changes", "--name", "Hourly") == 0
    made = capsys.readouterr().out.strip()

    for command in ("pause", "resume", "runs", "delete"):
        assert sluice(service, "schedules", command, made) == 0
    assert sluice(service, "schedules", "pause", made) == 3


def test_a_file_that_was_not_named_is_not_written_over(
    service: ServiceInMemory, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "contacts.csv").write_text("mine")

    assert [sluice(service, name, "contacts") for name in ("export", "template")] == [2, 2]
    assert (tmp_path / "contacts.csv").read_text() == "mine"
    assert sluice(service, "export", "contacts", "-o", "contacts.csv") == 0
    assert sluice(service, "export", "contacts", "--format", "tsv") == 0
    assert (tmp_path / "contacts.tsv").read_text() == (tmp_path / "contacts.csv").read_text().replace(",", "\t")


@pytest.mark.parametrize("where", ["status", "status:active"])
def test_a_filter_needs_a_sign(service: ServiceInMemory, where: str) -> None:
    assert sluice(service, "export", "contacts", "--where", where) == 2


def test_a_schedule_is_shown_by_its_name_with_its_next_due_time(
    service: ServiceInMemory, capsys: pytest.CaptureFixture[str]
) -> None:
    assert sluice(service, "schedules", "create", "rate(1 hour)", "contacts", "--name", "Hourly", "--changes") == 0
    made = capsys.readouterr()
    sluice(service, "schedules", "list")
    sluice(service, "schedules", "show", made.out.strip())

    shown = capsys.readouterr().out
    due = made.err.splitlines()[0].removeprefix("✓ due first at ").removesuffix(" UTC")
    assert shown.count("Hourly") == 2
    assert shown.count(due) == 2
    assert "changes only" in shown
    assert f"sluice schedules runs {made.out.strip()}" in made.err


def test_who_ends_an_export_that_runs_learns_how_to_go_on(
    service: ServiceInMemory, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupt(request: httpx.Request) -> None:
        raise KeyboardInterrupt

    app = App(connect=lambda _: service.client(passed, passed, interrupt))

    assert run(["export", "contacts", "-o", str(tmp_path / "a.csv")], app) == 130
    assert re.search(r"Fetch +sluice exports download exp_\w+ csv\n", capsys.readouterr().err)
