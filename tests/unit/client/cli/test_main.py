import pytest

from sluice import NotSignedIn, Sluice
from sluice.cli.app import App
from sluice.cli.layout import cut
from sluice.cli.main import SECTIONS, root, run


def without_login(_: str | None) -> Sluice:
    raise NotSignedIn("Not signed in. sluice login, or set SLUICE_URL and SLUICE_KEY.")


def interrupted(_: str | None) -> Sluice:
    raise KeyboardInterrupt


def test_every_command_stands_under_a_heading() -> None:
    assert {call.split()[0] for _, commands in SECTIONS for call, _, _ in commands} == set(root.commands)


@pytest.mark.parametrize(
    ("arguments", "code"), [([], 0), (["--version"], 0), (["--help"], 0), (["imprt"], 2), (["imports", "list"], 4)]
)
def test_a_command_ends_with_its_code(arguments: list[str], code: int) -> None:
    assert run(arguments, App(connect=without_login)) == code


def test_an_interrupt_is_a_code() -> None:
    assert run(["imports", "list"], App(connect=interrupted)) == 130


def test_what_is_missing_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    run(["imports", "list"], App(connect=without_login))

    assert capsys.readouterr().err == "Not signed in. sluice login, or set SLUICE_URL and SLUICE_KEY.\n"


@pytest.mark.parametrize("name", sorted(root.commands))
def test_every_help_fits(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    run([name, "--help"])

    lines = capsys.readouterr().out.splitlines()
    assert lines
    assert [line for line in lines if cut(line, 80) != line] == []
