"""What a person sees, at 80 and at 120 columns, and some of it at 40: kept as text in `screens/`, and compared.

`RECORD_SCREENS=1` keeps what is seen now.
"""

from pathlib import Path

import pytest

from tests.pseudo_terminal import INTERRUPT, in_terminal
from tests.service_in_memory import ServiceInMemory
from tests.terminal_sessions import check_screen, comparable, run_commands

SCREENS = Path(__file__).parent / "screens"
CUSTOMERS = """Customer ID,Full Name,E-mail,Member Since,Status,Account Owner
0001004,Agnieszka Yıldız,agnieszka.yildiz@example.net,03/04/2024,Active,j.doe
0001005,Bo Lindqvist,bo@@example.org,2024-05-06,Active,x
0001006,Chi Nguyễn,chi@example.org,TBD,paused,x
0001007,,dana@example.org,2024-01-31,Inactive,x
0001008,木村 拓,kimura@example.jp,2024-02-29,Active,x
"""
CONTACTS = "name,email\n" + "".join(f"Person {n},p{n}@example.com\n" for n in range(20))
IMPORT = ["import", "customers.csv", "-r", "customers"]
LOOK = [("[q]uit:", "\n"), ("[y/N]", "y\n"), ("fail such rows:", "2\n"), ("fail such rows:", "d\n")]

SESSIONS: dict[str, tuple[list[list[str]], list[tuple[str, str]]]] = {
    "help": ([[]], []),
    "import_help": ([["import", "--help"]], []),
    "imports_help": ([["imports", "--help"], ["imports", "retry", "--help"]], []),
    "first_minute": ([IMPORT, ["imports", "list"]], [*LOOK, ("[y/N]", "y\n")]),
    "no": ([IMPORT], [*LOOK, ("[y/N]", "\n")]),
    "columns_changed": (
        [[*IMPORT, "--preview"], IMPORT],
        [
            ("[q]uit:", "c\n"),
            ("done):", "account owner\n"),
            ("leave it out):", "notes\n"),
            ("done):", "Nobody\n"),
            ("done):", "\n"),
            ("[y/N]", "\n"),
            ("fail such rows:", "\n"),
            ("[y/N]", "n\n"),
        ],
    ),
    "interrupted": ([IMPORT], [("[q]uit:", INTERRUPT)]),
    "mend_and_undo": (
        [
            [*IMPORT, "--yes", "--dates", "day-first", "--quiet"],
            ["imports", "rows", "@first", "-o", "mend.csv"],
            ["edit", "mend.csv", "bo@@example.org", "bo@example.org"],
            ["edit", "mend.csv", "TBD,paused", "2024-03-01,inactive"],
            ["imports", "retry", "@first", "mend.csv"],
            ["imports", "undo", "@first"],
        ],
        [("[y/N]", "y\n")],
    ),
    "guard_rails": (
        [
            ["import", "contacts.csv", "-r", "contacts", "--yes", "--quiet"],
            ["import", "one.csv", "-r", "contacts", "-a", "overwrite", "--yes"],
            ["import", "customers.csv", "-r", "customers", "--yes", "--max-failed", "1"],
        ],
        [],
    ),
    "something_is_wrong": (
        [
            ["import", "contacts.csv", "-r", "contcts", "--yes"],
            ["import", "umsatz.csv", "-r", "contacts", "--yes"],
            ["import", "absent.csv", "-r", "contacts", "--yes"],
            ["imports", "show", "imp_absent"],
            ["imports", "lst"],
            ["import", "contacts.csv"],
        ],
        [],
    ),
    "usage": (
        [
            [*IMPORT, "--preview", "--quiet"],
            [*IMPORT, "--yes", "--quiet"],
            ["export", "customers", "-o", "all.csv", "--quiet"],
            ["usage"],
        ],
        [("[q]uit:", "\n"), ("[y/N]", "\n"), ("fail such rows:", "\n")],
    ),
    "look": (
        [
            ["import", "contacts.csv", "-r", "contacts", "--yes", "--quiet"],
            ["records", "contacts", "--where", "email=p3@example.com"],
            ["resources"],
            ["resources", "groups"],
            ["export", "contacts", "-o", "-", "--where", "email=p3@example.com", "--fields", "email,name"],
            ["schedules", "list"],
            ["webhooks", "list"],
        ],
        [],
    ),
}
NARROW = [
    [*IMPORT, "--yes", "--dates", "day-first"],
    ["imports", "list"],
    ["imports", "undo", "@first", "--yes", "--quiet"],
    ["export", "customers", "-o", "all.csv", "--quiet"],
    ["exports", "list"],
    ["schedules", "create", "rate(1 hour)", "customers", "--name", "Hourly", "--changes", "--quiet"],
    ["schedules", "list"],
    ["schedules", "show", "@schedule"],
    ["usage"],
]
"""What shows ids and numbers, at 40 columns."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "customers.csv").write_text(CUSTOMERS, encoding="utf-8")
    (tmp_path / "contacts.csv").write_text(CONTACTS)
    (tmp_path / "one.csv").write_text("name,email\nPerson 1,p1@example.com\n")
    (tmp_path / "umsatz.csv").write_text("Belegnr,Betrag,Konto\n1,2,3\n")
    return tmp_path


@pytest.mark.parametrize("columns", [80, 120])
@pytest.mark.parametrize("name", SESSIONS)
def test_a_person_sees(name: str, columns: int, folder: Path) -> None:
    commands, answers = SESSIONS[name]

    seen = in_terminal(lambda: in_memory(commands), answers, columns=columns, folder=folder)

    check_screen(comparable(seen.screen, folder), SCREENS / f"{name}_{columns}.txt", columns)


def test_a_person_sees_ids_and_numbers_whole_at_40_columns(folder: Path) -> None:
    seen = in_terminal(lambda: in_memory(NARROW), columns=40, folder=folder)

    check_screen(comparable(seen.screen, folder), SCREENS / "narrow_40.txt", 40)


def in_memory(commands: list[list[str]]) -> int:
    """Runs commands before a service in memory, in which a minute passes between them."""
    service = ServiceInMemory()

    def pass_time() -> None:
        service.world.now += 60

    return run_commands(commands, service.client, pass_time)
