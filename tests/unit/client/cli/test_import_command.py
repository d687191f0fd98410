"""`sluice import` in a script: nobody is there to ask, and what is printed is for programs."""

import io
import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from sluice.cli.app import App
from sluice.cli.main import run
from sluice.import_options import ProfileOptions, ReadingOptions
from tests.service_in_memory import Fault, ServiceInMemory, passed, refused, unanswered, unconnected

CSV = "Name,Email\nAnn,ann@example.com\nBen,wrong\n"
GERMAN = "Vorname;Nachname;E-Mail-Adresse\nJana;Vogt;jana@example.com\n"


@pytest.fixture
def service() -> ServiceInMemory:
    return ServiceInMemory()


@pytest.fixture
def file(tmp_path: Path) -> str:
    path = tmp_path / "people.csv"
    path.write_text(CSV)
    return str(path)


def sluice(service: ServiceInMemory, *arguments: str, faults: tuple[Fault, ...] = ()) -> int:
    return run(arguments, App(connect=lambda _: service.client(*faults)))


def creation_body(service: ServiceInMemory) -> dict[str, Any]:
    body: dict[str, Any] = json.loads(service.sent("POST", "/v1/imports")[0].content)
    return body


def test_rows_that_failed_are_an_exit_code(service: ServiceInMemory, file: str) -> None:
    assert sluice(service, "import", file, "-r", "contacts", "--yes") == 1
    assert len(list(service.client().records.each("contacts"))) == 1


def test_json_is_the_only_thing_on_standard_output(
    service: ServiceInMemory, file: str, capsys: pytest.CaptureFixture[str]
) -> None:
    sluice(service, "import", file, "-r", "contacts", "--yes", "--json")

    printed = capsys.readouterr()
    assert json.loads(printed.out)["stats"]["failed"] == 1
    assert "1 new, 1 faulty" in printed.err


def test_quiet_says_nothing(service: ServiceInMemory, file: str, capsys: pytest.CaptureFixture[str]) -> None:
    sluice(service, "import", file, "-r", "contacts", "--yes", "--quiet")

    assert capsys.readouterr() == ("", "")


def test_without_anybody_to_ask_nothing_is_sent(
    service: ServiceInMemory, file: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert sluice(service, "import", file, "-r", "contacts") == 2
    assert capsys.readouterr().err.startswith("Nobody is there to ask.")
    assert service.requests == []


def test_a_preview_writes_nothing(service: ServiceInMemory, file: str) -> None:
    assert sluice(service, "import", file, "-r", "contacts", "--preview") == 1
    assert list(service.client().records.each("contacts")) == []


def test_no_more_than_a_tenth_is_deleted_unless_that_is_asked_for(service: ServiceInMemory, file: str) -> None:
    sluice(service, "import", file, "-r", "contacts", "--yes")

    body = creation_body(service)
    assert (body["max_deleted"], "max_failed" in body) == ("10%", False)


@pytest.mark.parametrize(("given", "sent"), [("none", None), ("7", 7), ("2.5%", "2.5%")])
def test_a_limit_is_what_is_asked_for(service: ServiceInMemory, file: str, given: str, sent: int | str | None) -> None:
    sluice(service, "import", file, "-r", "contacts", "--yes", "--max-deleted", given)

    assert creation_body(service)["max_deleted"] == sent


def test_options_reach_the_import(service: ServiceInMemory, file: str) -> None:
    options = ["-a", "create", "--duplicates", "none", "--match-by", "external_id, email", "--name", "Spring list"]
    reading = ["--encoding", "utf-8", "--delimiter", ",", "--header-row", "1", "--dates", "month-first"]

    sluice(service, "import", file, "-r", "contacts", "--yes", "-m", "notes=Name", *options, *reading)

    body = creation_body(service)
    assert (body["action"], body["duplicate_handling"], body["name"]) == ("create", "ignore_all", "Spring list")
    assert (body["match_by"], body["column_mapping"]) == (["external_id", "email"], {"notes": "Name"})
    assert body["reading"] == {"encoding": "utf-8", "delimiter": ",", "header_row": 1, "date_order": "month_first"}


def test_rules_of_fields_reach_the_import(service: ServiceInMemory, file: str) -> None:
    rules = ["--merge-rule", "notes=append_line", "--merge-rule", "status=if_empty", "--create-missing", "company_name"]

    sluice(service, "import", file, "-r", "contacts", "--yes", "--all-or-nothing", "-m", "phone=", *rules)

    body = creation_body(service)
    assert body["merge_rules"] == {"notes": "append_line", "status": "if_empty"}
    assert (body["create_missing"], body["all_or_nothing"]) == (["company_name"], True)
    assert body["column_mapping"] == {"phone": None}


def test_an_import_is_called_as_its_file(service: ServiceInMemory, file: str) -> None:
    sluice(service, "import", file, "-r", "contacts", "--yes")

    assert creation_body(service)["name"] == "people.csv"


def test_all_rows_or_none_is_told(service: ServiceInMemory, file: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert sluice(service, "import", file, "-r", "contacts", "--yes", "--all-or-nothing") == 1
    assert "Stopped before writing: 1 of 2 rows would fail, and it is all rows or none." in capsys.readouterr().err
    assert list(service.client().records.each("contacts")) == []


def test_a_profile_says_what_is_not_said(service: ServiceInMemory, file: str) -> None:
    stated: ProfileOptions = {
        "max_deleted": "50%",
        "duplicate_handling": "ignore_all",
        "column_mapping": {"notes": None},
    }
    Path(file).write_text("Name,Email,Notes\nAnn,ann@example.com,x\n")
    service.client().profiles.save("weekly", resource="contacts", **stated)

    sluice(service, "import", file, "-r", "contacts", "--yes", "--profile", "weekly", "--max-failed", "9")

    body = creation_body(service)
    assert body.keys().isdisjoint(stated)
    [made] = service.client().imports.each()
    assert (made.max_failed, made.max_deleted, made.duplicate_handling) == (9, "50%", "ignore_all")
    assert [one.fields.get("notes") for one in service.client().records.each("contacts")] == [None]


def test_options_add_to_those_of_a_profile(service: ServiceInMemory, tmp_path: Path) -> None:
    reading: ReadingOptions = {"delimiter": ";", "encoding": "windows-1252"}
    mapping = {"name": "Vorname", "notes": None}
    service.client().profiles.save("weekly", resource="customers", reading=reading, column_mapping=mapping)
    (tmp_path / "kunden.csv").write_text(GERMAN)

    words = ["--profile", "weekly", "--dates", "day-first", "--encoding", "utf-8", "-m", "company=Nachname"]
    assert sluice(service, "import", str(tmp_path / "kunden.csv"), "-r", "customers", "--yes", *words) == 0

    body = creation_body(service)
    assert body["reading"] == {"delimiter": ";", "encoding": "utf-8", "date_order": "day_first"}
    assert body["column_mapping"] == {"name": "Vorname", "notes": None, "company": "Nachname"}
    [record] = service.client().records.each("customers")
    assert (record.fields["name"], record.fields["company"]) == ("Jana", "Vogt")


def test_words_of_the_file_mean_what_is_said(service: ServiceInMemory, tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text("Name,Status\nAnn,paused\nBen,stopped\nCy,active\n")
    (tmp_path / "words.json").write_text('{"status": {"paused": "active", "stopped": "inactive"}}')
    words = ["--value-mapping", str(tmp_path / "words.json"), "--value-mapping", "status:paused=inactive"]

    assert sluice(service, "import", str(tmp_path / "people.csv"), "-r", "customers", "--yes", *words) == 0

    [made] = service.client().imports.each()
    assert made.value_mapping == {"status": {"paused": "inactive", "stopped": "inactive"}}
    assert sorted(one.fields["status"] for one in service.client().records.each("customers")) == [
        *("active", "inactive", "inactive")
    ]


def test_words_that_cannot_be_are_refused_before_the_file_is_sent(
    service: ServiceInMemory, file: str, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["--value-mapping", "status:paused=sleeping"]

    assert sluice(service, "import", file, "-r", "customers", "--yes", *words) == 3

    assert "Must be one of active, inactive." in capsys.readouterr().err
    assert list(service.client().imports.each()) == []


def test_words_add_to_those_of_a_profile(service: ServiceInMemory, tmp_path: Path) -> None:
    remembered = {"status": {"paused": "active", "stopped": "inactive"}}
    service.client().profiles.save("weekly", resource="customers", value_mapping=remembered)
    (tmp_path / "people.csv").write_text("Name,Status\nAnn,paused\nBen,stopped\n")
    words = ["--profile", "weekly", "--value-mapping", "status:paused=inactive"]

    assert sluice(service, "import", str(tmp_path / "people.csv"), "-r", "customers", "--yes", *words) == 0

    assert creation_body(service)["value_mapping"] == {"status": {"paused": "inactive", "stopped": "inactive"}}


def test_what_was_done_is_remembered_and_done_again(service: ServiceInMemory, tmp_path: Path) -> None:
    path = tmp_path / "kunden.csv"
    path.write_text(GERMAN)
    options = ["--dates", "day-first", "--match-by", "email", "--max-failed", "5%"]

    sluice(service, "import", str(path), "-r", "customers", "--yes", "--save-profile", "kunden", *options)
    again = sluice(service, "import", str(path), "-r", "customers", "--yes", "--profile", "kunden", "-a", "update")

    remembered = service.client().profiles.get("kunden").options
    assert remembered["column_mapping"] == service.client().imports.each().__next__().column_mapping
    assert (remembered["reading"], remembered["match_by"]) == ({"date_order": "day_first"}, ["email"])
    assert (remembered["max_failed"], remembered["max_deleted"]) == ("5%", "10%")
    assert (remembered["duplicate_handling"], again) == ("use_first", 0)


def test_a_profile_of_another_resource_imports_nothing(service: ServiceInMemory, file: str) -> None:
    service.client().profiles.save("weekly", resource="customers", max_failed=1)

    assert sluice(service, "import", file, "-r", "contacts", "--yes", "--save-profile", "weekly") == 3
    assert [one.is_canceled for one in service.client().imports.each()] == [True]


@pytest.mark.parametrize(("action", "is_stated"), [("overwrite", False), ("merge", True)])
def test_the_settings_limit_of_deletions_stands(
    service: ServiceInMemory, file: str, action: str, is_stated: bool
) -> None:
    service.client().settings.change(max_deleted=0)

    sluice(service, "import", file, "-r", "contacts", "--yes", "-a", action)

    assert ("max_deleted" in creation_body(service)) is is_stated


def test_headers_of_another_language_are_understood(service: ServiceInMemory, tmp_path: Path) -> None:
    path = tmp_path / "kunden.csv"
    path.write_text(GERMAN)

    assert sluice(service, "import", str(path), "-r", "customers", "--yes") == 0
    [record] = service.client().records.each("customers")
    assert (record.fields["name"], record.fields["email"]) == ("Jana Vogt", "jana@example.com")


def test_standard_input_is_a_file(service: ServiceInMemory, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = b'{"name": "Ann", "email": "ann@example.com"}\n'
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(rows)))

    assert sluice(service, "import", "-", "-r", "contacts", "--format", "ndjson", "--yes") == 0


def test_a_preview_that_nobody_waits_for_is_one(service: ServiceInMemory, file: str) -> None:
    sluice(service, "import", file, "-r", "contacts", "--preview", "--no-wait", "--yes")

    assert [one.is_preview for one in service.client().imports.each()] == [True]


def test_an_interrupt_ends_the_command_and_not_the_import(
    service: ServiceInMemory, file: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """The requests are resource, import, import, file, import, source, release, and then the first look at it."""

    def interrupt(_: httpx.Request) -> httpx.Response:
        raise KeyboardInterrupt

    assert sluice(service, "import", file, "-r", "contacts", "--yes", faults=(*[passed] * 7, interrupt)) == 130

    [made] = service.client().imports.each()
    assert (made.status, made.stats.created) == ("completed", 1)
    assert f"The import goes on.\n  Look     sluice imports follow {made.id}" in capsys.readouterr().err


def test_no_wait_prints_the_id(service: ServiceInMemory, file: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert sluice(service, "import", file, "-r", "contacts", "--no-wait") == 0
    assert capsys.readouterr().out.strip() == next(service.client().imports.each()).id


def test_failed_rows_are_written(service: ServiceInMemory, file: str, tmp_path: Path) -> None:
    sluice(service, "import", file, "-r", "contacts", "--yes", "--errors", str(tmp_path / "errors.csv"))

    assert "invalid_email" in (tmp_path / "errors.csv").read_text()


@pytest.mark.parametrize(
    ("faults", "code"),
    [((unconnected,) * 4, 5), ((refused(503),) * 4, 5), ((refused(429),) * 4, 5), ((refused(401),), 4), ((), 1)],
)
def test_the_network_is_an_exit_code(service: ServiceInMemory, file: str, faults: tuple[Fault, ...], code: int) -> None:
    assert sluice(service, "import", file, "-r", "contacts", "--yes", faults=faults) == code


def test_lost_answers_make_no_second_import(service: ServiceInMemory, file: str) -> None:
    faults = (unanswered(service), refused(503), passed) * 6

    assert sluice(service, "import", file, "-r", "contacts", "--yes", faults=faults) == 1
    assert len(list(service.client().imports.each())) == 1


def test_an_encrypted_or_foreign_file_is_told_and_nothing_is_left_waiting(
    service: ServiceInMemory, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.7 nothing of a table")

    assert sluice(service, "import", str(tmp_path / "a.pdf"), "-r", "contacts", "--yes") == 3
    assert "PDF" in capsys.readouterr().err
    assert [one.is_canceled for one in service.client().imports.each()] == [True]
