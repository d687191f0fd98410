"""The library and the command line behind a network that drops connections, loses answers and answers 429 and 503:
everything is done, and nothing twice.
"""

from collections.abc import Iterable, Iterator
from itertools import chain, cycle, repeat
from pathlib import Path

import pytest

from local.stack import Stack
from sluice import RetryPolicy, Sluice
from sluice.cli.app import App
from sluice.cli.main import run
from tests.e2e.packagex_client import PackageXClient
from tests.faulty_proxy import DROPPED, LOST, PASSED, TOO_MANY, UNAVAILABLE, FaultyProxy

pytestmark = pytest.mark.e2e

FAULTS = (DROPPED, PASSED, LOST, PASSED, TOO_MANY, PASSED, UNAVAILABLE, LOST, PASSED)
"""So that each request gets through with its fourth try at the latest."""
ROWS = 50
CSV = "name,email\n" + "".join(f"Person {n},p{n}@example.com\n" for n in range(ROWS)) + "Bo,bo@@example.com\n"
NO_PAUSES = RetryPolicy(draw=lambda: 0.0)

COMMANDS = (
    ("whoami",),
    ("usage",),
    ("keys",),
    ("resources", "contacts"),
    ("template", "contacts", "empty.csv"),
    ("settings", "max_failed=50%"),
    ("profiles", "save", "weekly", "-r", "contacts", "--match-by", "email"),
    ("profiles", "list"),
    ("import", "good.csv", "-r", "contacts", "--yes", "--profile", "weekly"),
    ("imports", "list"),
    ("imports", "show", "@import"),
    ("imports", "rows", "@import", "--outcome", "all", "-o", "rows.csv"),
    ("imports", "rename", "@import", "Once"),
    ("records", "contacts"),
    ("export", "contacts", "-o", "out.ndjson"),
    ("exports", "list"),
    ("schedules", "create", "rate(1 hour)", "contacts"),
    ("schedules", "list"),
    ("schedules", "pause", "@schedule"),
    ("webhooks", "list"),
    ("imports", "undo", "@import", "--yes"),
    ("imports", "delete", "@import"),
    ("profiles", "delete", "weekly"),
)
"""One of each kind; what is made is made once, however often its request was sent."""


@pytest.fixture
def faults() -> Iterable[str]:
    return cycle(FAULTS)


@pytest.fixture
def proxy(stack: Stack, faults: Iterable[str]) -> Iterator[FaultyProxy]:
    with FaultyProxy(stack.base_url, stack.aws.url, faults) as proxy:
        yield proxy


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "people.csv"
    path.write_text(CSV)
    return path


def sluice(proxy: FaultyProxy, client: PackageXClient) -> Sluice:
    return Sluice(proxy.url, client.key or "", retry=NO_PAUSES)


def test_everything_is_done_once(proxy: FaultyProxy, client: PackageXClient, file: Path, tmp_path: Path) -> None:
    def command(*words: str) -> int:
        return run(words, App(connect=lambda _: sluice(proxy, client)))

    imported = command("import", str(file), "-r", "contacts", "--yes", "--quiet")
    [import_id] = [one.id for one in sluice(proxy, client).imports.each()]
    retried = command("imports", "retry", import_id, "--quiet")
    exported = command("export", "contacts", "-o", str(tmp_path / "out.csv"), "--quiet")

    assert (imported, retried, exported) == (1, 1, 0)
    assert len(list(sluice(proxy, client).imports.each())) == 2
    assert len((tmp_path / "out.csv").read_text().splitlines()) == ROWS + 1
    assert set(FAULTS) == set(proxy.met)


def test_every_kind_of_command_is_done_once(
    proxy: FaultyProxy, client: PackageXClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SLUICE_URL", client.base_url)
    monkeypatch.setenv("SLUICE_KEY", client.key or "")
    Path("good.csv").write_text("name,email\nAnn,ann@example.com\n")
    straight = Sluice(client.base_url, client.key or "")
    named = {
        "@import": lambda: [*straight.imports.each()][-1].id,
        "@schedule": lambda: [one.id for one in straight.schedules.each()][-1],
    }

    codes = {
        words: run(
            [*(named[word]() if word in named else word for word in words), "--quiet"],
            App(connect=lambda _: sluice(proxy, client)),
        )
        for words in COMMANDS
    }

    assert {words: code for words, code in codes.items() if code} == {}
    assert len([*straight.exports.each()]) == len([*straight.schedules.each()]) == 1
    assert [one.undo_of is not None for one in straight.imports.each()] == [True]
    assert [*straight.records.each("contacts")] == []
    assert len(Path("out.ndjson").read_text().splitlines()) == 1
    assert set(FAULTS) == set(proxy.met)


@pytest.mark.parametrize(
    ("faults", "code", "made"),
    [([TOO_MANY, UNAVAILABLE, PASSED], 5, 0), ([TOO_MANY, TOO_MANY, PASSED], 0, 1), ([LOST], 5, 1)],
    ids=["may have been done", "was not done", "was done"],
)
def test_what_shows_a_secret_is_not_tried_again_where_it_may_have_been_done(
    proxy: FaultyProxy, client: PackageXClient, code: int, made: int
) -> None:
    words = ("webhooks", "create", "https://receiver.example/hook")

    assert run(words, App(connect=lambda _: sluice(proxy, client))) == code
    assert len(Sluice(client.base_url, client.key or "").webhooks.list()) == made


@pytest.mark.parametrize("faults", [chain([PASSED] * 3, repeat(DROPPED))], ids=["from the upload on"])
def test_what_was_lost_goes_on_later(
    proxy: FaultyProxy, client: PackageXClient, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    straight = Sluice(client.base_url, client.key or "")
    words = ("import", str(file), "-r", "contacts", "--yes")

    assert run(words, App(connect=lambda _: sluice(proxy, client))) == 5

    [waiting] = straight.imports.each()
    assert f"sluice import {file} --resume {waiting.id}" in capsys.readouterr().err
    assert run(("import", str(file), "--resume", waiting.id, "--yes"), App(connect=lambda _: straight)) == 1
    assert straight.imports.get(waiting.id).stats.created == ROWS
