import json
from pathlib import Path

import pytest

from sluice.cli.app import App
from sluice.cli.main import run
from tests.service_in_memory import KEY, URL, Fault, ServiceInMemory, refused, unconnected
from tests.world import OURS


@pytest.fixture(autouse=True)
def signed_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLUICE_URL", URL)
    monkeypatch.setenv("SLUICE_KEY", KEY)
    monkeypatch.delenv("SLUICE_AS", raising=False)


def sluice(*arguments: str, faults: tuple[Fault, ...] = ()) -> int:
    service = ServiceInMemory()
    return run(arguments, App(connect=lambda _: service.client(*faults)))


def test_a_person_learns_who_they_are(capsys: pytest.CaptureFixture[str]) -> None:
    assert sluice("whoami") == 0

    lines = capsys.readouterr().out.splitlines()
    assert lines[:3] == [
        f"Address    {URL}",
        "Key        px_secr…  from SLUICE_URL and SLUICE_KEY",
        f"Tenant     {OURS}",
    ]
    assert lines[-1].startswith("Requests   2,999 of 3,000 a minute left, until ")


def test_a_program_learns_it_without_the_key(capsys: pytest.CaptureFixture[str]) -> None:
    sluice("whoami", "--json")

    printed = capsys.readouterr().out
    known = json.loads(printed)
    assert (known["url"], known["key"], known["organization_id"]) == (URL, "px_secr", OURS)
    assert KEY not in printed


@pytest.mark.parametrize(("fault", "code"), [(unconnected, 5), (refused(401), 4), (refused(403), 4)])
def test_the_address_is_told_even_where_nobody_answers(
    capsys: pytest.CaptureFixture[str], fault: Fault, code: int
) -> None:
    assert sluice("whoami", faults=(fault,) * 4) == code
    assert f"Address    {URL}" in capsys.readouterr().out


def test_usage_is_counted_and_limits_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert sluice("usage", "--days", "7") == 0

    lines = [line.split(maxsplit=1) for line in capsys.readouterr().out.splitlines() if line]
    assert {"Imports": "0", "Exports": "0"}.items() <= {one[0]: one[1] for one in lines}.items()
    assert ["upload_bytes", "5.4 GB"] in lines
    assert ["job_retention_s", "400 days"] in lines


@pytest.mark.parametrize("columns", [40, 80, 120])
def test_what_has_ended_in_a_month_is_a_table(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, columns: int
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    monkeypatch.chdir(tmp_path)
    source, service = tmp_path / "a.csv", ServiceInMemory()
    source.write_text("name,email\nBo,bo@example.com\nAnn,ann@@example.com\n")
    app = App(connect=lambda _: service.client())

    for command in ("import a.csv -r contacts --preview", "import a.csv -r contacts --yes", "export contacts -o b.csv"):
        run([*command.split(), "--quiet"], app)
        service.world.now += 60
    capsys.readouterr()
    assert run(["usage"], app) == 0

    lines = capsys.readouterr().out.splitlines()
    assert max(map(len, lines)) <= columns
    begin = next(place for place, line in enumerate(lines) if line.startswith("ended"))
    assert [line.split()[:4] for line in lines[begin : begin + 4]] == [
        ["ended", "count", "rows", "size"],
        ["2023-11"],
        ["imports", "1", "2", str(source.stat().st_size)],
        ["previews", "1", "2"],
    ]
    assert lines[begin + 4].split()[:3] == ["exports", "1", "1"]


def test_keys_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert sluice("keys") == 0

    [line] = capsys.readouterr().out.splitlines()[1:]
    assert "this one" in line
    assert KEY not in line
