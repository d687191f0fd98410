"""What is typed wrongly is told in a sentence and ends with the code that the page says; nothing ends in tracebacks."""

import os
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from sluice import Sluice
from sluice.cli.app import App
from sluice.cli.main import run
from tests.service_in_memory import ServiceInMemory


@pytest.fixture
def service() -> ServiceInMemory:
    return ServiceInMemory()


@pytest.fixture
def sluice(
    service: ServiceInMemory, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, str]]:
    """Runs a command in a folder, and returns its code and what it has said; `@id` is the first import there."""
    monkeypatch.chdir(tmp_path)
    Path("people.csv").write_text("Name,Email\nAnn,ann@example.com\nBen,wrong\n")
    Path("empty.csv").write_text("")
    Path("folder").mkdir()
    Path("other.pdf").write_bytes(b"%PDF-1.7 nothing of a table")
    Path("wide.csv").write_text(",".join(f"c{n}" for n in range(3_000)) + "\n1\n")

    def command(*words: str) -> tuple[int, str]:
        named = [next(service.client().imports.each()).id if word == "@id" else word for word in words]
        code = run(named, App(connect=lambda _: service.client()))
        return code, capsys.readouterr().err

    return command


IMPORT = ("-r", "contacts", "--yes")


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("import", "absent.csv", *IMPORT), 2, "absent.csv cannot be read: No such file or directory"),
        (("import", "empty.csv", *IMPORT), 2, "empty.csv is empty."),
        (("import", "folder", *IMPORT), 2, "folder is a folder."),
        (("import", "other.pdf", *IMPORT), 3, "PDF"),
        (("import", "wide.csv", *IMPORT), 3, "3000 columns, 1024 are allowed"),
        (("import", "people.csv", *IMPORT, "-m", "name=Nope"), 2, "There is no column Nope. There are Name, Email."),
        (("import", "people.csv", *IMPORT, "--delimiter", "abc"), 3, "delimiter: Must be one character.\n"),
        (("import", "people.csv", *IMPORT, "--errors", "nowhere/e.csv"), 2, "there is no folder nowhere"),
        (("import", "people.csv", "--yes"), 2, "Missing option '-r' / '--resource'."),
        (("import", "people.csv", "--yes", "--resume", "../../keys"), 3, "There is no import '../../keys'."),
        (("imports", "show", ""), 3, "Nothing has an empty id or name."),
        (("imports", "list", "--limit", "-1"), 2, "-1 is not in the range"),
        (("export", "contacts", "-o", "nowhere/x.csv"), 2, "there is no folder nowhere"),
        (("export", "contacts", "-o", "folder"), 2, "folder: Is a directory."),
        (("export", "contacts", "-o", "/dev/full"), 2, "No space left on device. Name another file, or make room"),
        (("template", "contacts", "nowhere/x.csv"), 2, "nowhere/x.csv: No such file or directory."),
        (("profiles", "save", "weekly"), 2, "Missing option '-r' / '--resource'."),
        (("webhooks", "create", "receiver"), 3, "url: Use https.\n"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_it_is_told(sluice: Callable[..., tuple[int, str]], words: tuple[str, ...], code: int, said: str) -> None:
    ended, talk = sluice(*words)

    assert (ended, said in talk) == (code, True), talk


def test_rows_are_not_written_to_where_nothing_can_be(sluice: Callable[..., tuple[int, str]]) -> None:
    sluice("import", "people.csv", *IMPORT)

    assert sluice("imports", "rows", "@id", "-o", "nowhere/x.csv")[0] == 2
    assert "folder: Is a directory." in sluice("imports", "rows", "@id", "-o", "folder")[1]


@pytest.mark.parametrize(
    ("url", "key", "said"),
    [
        ("localhost", "px_1", "'localhost' is no address. It is one like https://api.example.com: sluice login\n"),
        ("ftp://example.com", "px_1", "is no address"),
        ("http://127.0.0.1:1", "px_ü", "characters that no key has. Copy it again: sluice login\n"),
        ("http://127.0.0.1:1", "px_1\n", "characters that no key has"),
        ("http://127.0.0.1:1", "", "The key is empty"),
    ],
)
def test_a_login_that_cannot_be_one_is_told(url: str, key: str, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["imports", "list"], App(connect=lambda _: Sluice(url, key))) == 4
    assert said in capsys.readouterr().err


@pytest.mark.parametrize("name", ["ünï 文.csv", "line\nend.csv", os.fsdecode(b"latin-\xe9.csv")])
def test_a_file_may_be_called_as_it_likes(
    sluice: Callable[..., tuple[int, str]], service: ServiceInMemory, name: str
) -> None:
    Path("people.csv").rename(name)

    assert sluice("import", name, *IMPORT)[0] == 1
    assert next(service.client().imports.each()).stats.created == 1


def test_a_pipe_is_a_file(sluice: Callable[..., tuple[int, str]], service: ServiceInMemory) -> None:
    """As `<(…)` of a shell gives one."""
    os.mkfifo("pipe")
    writer = threading.Thread(target=Path("pipe").write_text, args=("Name,Email\nCy,cy@example.com\n",))
    writer.start()

    assert sluice("import", "pipe", *IMPORT)[0] == 0
    writer.join()
    assert next(service.client().imports.each()).stats.created == 1


def test_a_device_is_written_to_and_not_replaced(sluice: Callable[..., tuple[int, str]]) -> None:
    assert sluice("export", "contacts", "-o", "/dev/null")[0] == 0
    assert Path("/dev/null").is_char_device()
