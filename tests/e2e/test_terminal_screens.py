"""Every command of the command line before the deployed stack, as a person sees it at 80 and at 120 columns: the
screens are kept in `screens/`, and compared. `RECORD_SCREENS=1` keeps what is seen now.

docs/cli.md quotes them (`tests/unit/client/cli/test_cli_page.py`).
"""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from chalicelib.model.api_keys import Scope
from local.paths import ROOT
from local.stack import running_stack
from sluice import Sluice
from sluice.cli.main import root
from tests.e2e.conftest import WHOLE
from tests.e2e.packagex_client import PackageXClient
from tests.e2e.stack_internals import StackInternals
from tests.e2e.tenants import Tenants
from tests.pseudo_terminal import in_terminal
from tests.receivers import Receiver
from tests.terminal_sessions import check_screen, comparable, run_commands

pytestmark = pytest.mark.e2e

SCREENS = Path(__file__).parent / "screens"
CONTACTS = "name,email\n" + "".join(f"Person {n},p{n}@example.com\n" for n in range(20)) + "Bo,bo@@example.com\n"
ADDRESS, KEY, RECEIVER = "ADDRESS", "KEY", "RECEIVER"
"""Words that stand for the stack's address, the key, and where webhooks are received."""
SAMPLE = ["import", "customers.csv", "-r", "customers"]
QUICK = ["import", "contacts.csv", "-r", "contacts", "--yes", "--quiet"]

SESSIONS: dict[str, tuple[list[list[str]], list[tuple[str, str]]]] = {
    "account": (
        [
            ["login"],
            ["whoami"],
            ["usage", "--days", "7"],
            ["keys"],
            ["settings", "max_failed=50%", "hold=no"],
            ["settings"],
            ["completion", "bash"],
            ["logout"],
        ],
        [("]:", f"{ADDRESS}\n"), ("shown):", f"{KEY}\n")],
    ),
    "imports": (
        [
            ["template", "contacts"],
            ["template", "groups"],
            [*QUICK, "--save-profile", "weekly", "--max-failed", "5%"],
            ["import", "contacts.csv", "-r", "contacts", "--preview", "--profile", "weekly"],
            ["profiles", "list"],
            ["profiles", "show", "weekly"],
            ["profiles", "save", "weekly", "-r", "contacts", "--match-by", "email"],
            ["profiles", "delete", "weekly"],
            ["imports", "confirm", "@preview"],
            ["imports", "list", "--limit", "3"],
            ["imports", "rename", "@first", "The first of them"],
            ["imports", "show", "@first"],
            ["imports", "follow", "@first"],
            ["imports", "rows", "@first"],
            ["wait", "contacts.csv", "contacts"],
            ["imports", "send", "@last", "contacts.csv"],
            ["imports", "release", "@last"],
            ["wait", "contacts.csv", "contacts"],
            ["imports", "cancel", "@last"],
            ["imports", "retry", "@first"],
            ["imports", "undo", "@first", "--preview"],
            ["imports", "delete", "@first"],
        ],
        [],
    ),
    "exports": (
        [
            [*QUICK, "--no-wait"],
            ["imports", "follow", "@last", "--quiet"],
            ["export", "contacts", "-o", "-", "--where", "email=p3@example.com", "--fields", "email,name"],
            ["export", "contacts"],
            ["export", "contacts", "--order-by", "email", "-o", "sorted.csv"],
            ["exports", "list"],
            ["exports", "show", "@export"],
            ["exports", "download", "@export", "csv", "again.csv"],
            ["exports", "cancel", "@export"],
            ["schedules", "create", "rate(1 hour)", "contacts", "--name", "Hourly"],
            ["schedules", "list"],
            ["schedules", "show", "@schedule"],
            ["schedules", "pause", "@schedule"],
            ["schedules", "resume", "@schedule"],
            ["schedules", "runs", "@schedule"],
            ["schedules", "delete", "@schedule"],
            ["records", "contacts", "--limit", "2", "--where", "email=p3@example.com"],
            ["records", "contacts", "@contact", "--quiet"],
            ["resources"],
            ["resources", "contacts"],
        ],
        [],
    ),
    "webhooks": (
        [
            ["webhooks", "list"],
            ["webhooks", "create", RECEIVER, "--event", "import.completed"],
            ["webhooks", "list"],
            ["webhooks", "ping", "@webhook"],
            ["webhooks", "deliveries", "@webhook"],
            ["webhooks", "redeliver", "@webhook", "@delivery"],
            ["webhooks", "delete", "@webhook"],
        ],
        [],
    ),
    "sample": (
        [
            SAMPLE,
            ["imports", "list"],
            ["imports", "rows", "@first", "-o", "mend.csv"],
            ["edit", "mend.csv", ",paused,", ",inactive,"],
            ["imports", "retry", "@first", "mend.csv"],
            ["imports", "undo", "@first"],
        ],
        [("[q]uit:", "\n"), ("[y/N]", "n\n"), ("fail such rows:", "\n"), ("[y/N]", "y\n"), ("[y/N]", "y\n")],
    ),
}


ENDLESS = {("webhooks", "listen"), ("mcp",)}
"""Commands that go on until Ctrl-C, which have tests of their own."""
SHORT = [name for name in SESSIONS if name != "sample"]
"""Those that take seconds. The sample's lines are seen at 120 columns in the screens of the tests in memory."""


SCOPES = frozenset(
    {
        *(Scope.ACCOUNT_READ, Scope.EXPORTS_READ, Scope.EXPORTS_WRITE, Scope.IMPORTS_READ, Scope.IMPORTS_UNDO),
        *(Scope.IMPORTS_WRITE, Scope.PROFILES_READ, Scope.PROFILES_WRITE, Scope.RECORDS_READ, Scope.SETTINGS_READ),
        *(Scope.SETTINGS_WRITE, Scope.WEBHOOKS_READ, Scope.WEBHOOKS_WRITE),
    }
)
"""What these commands need; `whoami` shows it."""


@pytest.fixture(scope="module")
def tenants(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tenants]:
    """Those of a stack with the limits of production, which imports the sample in one go."""
    with running_stack(tmp_path_factory.mktemp("screens"), WHOLE) as stack:
        yield Tenants(StackInternals(stack))


@pytest.fixture
def client(tenants: Tenants) -> PackageXClient:
    return tenants.client(scopes=SCOPES)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as receiver:
        yield receiver


@pytest.mark.parametrize(("name", "columns"), [(name, 80) for name in SESSIONS] + [(name, 120) for name in SHORT])
def test_a_person_sees(name: str, columns: int, client: PackageXClient, receiver: Receiver, tmp_path: Path) -> None:
    shutil.copy(ROOT / "samples" / "customers.csv", tmp_path)
    (tmp_path / "contacts.csv").write_text(CONTACTS)
    words = {ADDRESS: client.base_url, KEY: client.key or "", RECEIVER: receiver.url}
    commands = [[words.get(word, word) for word in command] for command in SESSIONS[name][0]]
    answers = [(question, words.get(answer[:-1], answer[:-1]) + "\n") for question, answer in SESSIONS[name][1]]

    def program() -> int:
        os.environ.update(XDG_CONFIG_HOME=str(tmp_path), SLUICE_URL=client.base_url, SLUICE_KEY=client.key or "")
        return run_commands(commands, lambda: Sluice(client.base_url, client.key or ""))

    seen = in_terminal(program, answers, columns=columns, folder=tmp_path)

    check_screen(comparable(seen.screen, tmp_path), SCREENS / f"{name}_{columns}.txt", columns)


def test_every_command_has_been_seen() -> None:
    run = [command for commands, _ in SESSIONS.values() for command in commands]

    unseen = {name for name in each_command(root) if not any(name == tuple(one[: len(name)]) for one in run)}
    assert unseen == ENDLESS


def each_command(group: click.Group, *names: str) -> Iterator[tuple[str, ...]]:
    """Yields the words of each command, in the groups as well."""
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from each_command(command, *names, name)
        else:
            yield (*names, name)
