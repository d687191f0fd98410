"""What `make run` shows, over public HTTP: an import with its rejected rows, the way out again, and refusals."""

import time
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from chalicelib.model.catalogue import RESOURCES
from local.demo import check_arguments, show_import
from local.export_demo import show_export
from local.keys import add_key, demo_key, new_key
from local.preview_demo import show_preview
from local.stack import Stack
from local.undo_demo import show_undo
from sluice import Sluice
from tests.e2e.packagex_client import PackageXClient

pytestmark = pytest.mark.e2e


@pytest.fixture
def show(stack: Stack, tmp_path: Path) -> Callable[[str, bytes], tuple[bool, str]]:
    """Imports a file of this name and content; whether it completed, and what the demo showed."""

    def show(name: str, content: bytes) -> tuple[bool, str]:
        (tmp_path / name).write_bytes(content)
        console = Console(file=StringIO(), width=200, force_terminal=False)
        client = Sluice(stack.base_url, demo_key(stack, tmp_path).secret)
        import_ = show_import(console, client, check_arguments(str(tmp_path / name), "customers"))
        assert isinstance(console.file, StringIO)
        return import_ is not None, console.file.getvalue()

    return show


def test_the_demo_shows_rejected_rows_with_reasons(show: Callable[[str, bytes], tuple[bool, str]]) -> None:
    is_completed, shown = show("two.csv", b"Name,E-mail\nAnn,ann@mail.example\nBob,bob@\n")

    assert is_completed
    assert "invalid_email" in shown
    assert "Write it as name@example.com." in shown


def test_the_demo_says_why_there_is_no_import(show: Callable[[str, bytes], tuple[bool, str]]) -> None:
    is_completed, shown = show("empty.csv", b"")

    assert not is_completed
    assert "empty.csv is empty." in shown


def test_the_demo_shows_a_refusal_as_it_came(stack: Stack) -> None:
    console = Console(file=StringIO(), width=120, force_terminal=False)

    is_completed = show_import(console, Sluice(stack.base_url, "px_local_nobody"), check_arguments(None, "customers"))

    assert isinstance(console.file, StringIO)
    assert not is_completed
    assert "api_key_invalid" in console.file.getvalue()


def test_the_demo_s_key_stays_the_same(stack: Stack, tmp_path: Path) -> None:
    assert demo_key(stack, tmp_path) == demo_key(stack, tmp_path)


def test_the_demo_exports_what_it_has_imported_and_nothing_older(stack: Stack, tmp_path: Path) -> None:
    console = Console(file=StringIO(), width=120, force_terminal=False)
    key = new_key()
    add_key(stack, key)
    client = Sluice(stack.base_url, key.secret)
    (tmp_path / "one.csv").write_bytes(b"Name,E-mail\nZoe,zoe@mail.example\n")
    show_import(console, client, check_arguments(str(tmp_path / "one.csv"), "customers"))
    time.sleep(1.1)  # a time is given in whole seconds
    (tmp_path / "two.csv").write_bytes(b"Name,E-mail\nAnn,ann@mail.example\nBob,bob@mail.example\n")
    import_ = show_import(console, client, check_arguments(str(tmp_path / "two.csv"), "customers"))
    assert import_ is not None

    kept = show_export(console, client, "customers", import_["created_at"], tmp_path / "exports")

    assert isinstance(console.file, StringIO)
    assert "Its SHA-256 is as told" in console.file.getvalue()
    assert kept is not None
    assert kept.read_text().count("@mail.example") == 2


def test_the_demo_previews_a_changed_file_and_writes_nothing(client: PackageXClient, tmp_path: Path) -> None:
    console = Console(file=StringIO(), width=120, force_terminal=False)
    client.run_records([{"name": f"Ann {n}", "email": f"ann{n}@mail.example", "notes": "as it was"} for n in range(20)])
    asking = Sluice(client.base_url, str(client.key))

    show_preview(console, asking, RESOURCES["customers"], tmp_path)

    assert isinstance(console.file, StringIO)
    assert "Of 20 rows would be 2 updated, 18 unchanged. Nothing is written." in console.file.getvalue()
    assert "notes: 'as it was' → 'Changed at " in console.file.getvalue()
    assert {one["notes"] for one in client.records()} == {"as it was"}


def test_the_demo_undoes_a_small_import_and_leaves_nothing_of_it(client: PackageXClient) -> None:
    console = Console(file=StringIO(), width=120, force_terminal=False)
    client.run_records([{"name": "Ann", "email": "ann@mail.example"}])

    show_undo(console, Sluice(client.base_url, str(client.key)), RESOURCES["customers"])

    assert isinstance(console.file, StringIO)
    assert "Imported as if by mistake: 3 customers created" in console.file.getvalue()
    assert "Undone: 3 of 3 reversed." in console.file.getvalue()
    assert [one["name"] for one in client.records()] == ["Ann"]
