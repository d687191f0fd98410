"""The sample, over public HTTP: what the demo shows is what an independent count expects, to the row."""

from collections.abc import Callable
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from local.client import Client, Json, each_rejected_row, upload
from local.demo import checked, show_import
from local.keys import add_key, demo_key, new_key
from local.paths import SAMPLE
from local.rejected import summed_up
from local.stack import Stack
from local.watching import follow
from tests.independent_count import Expected, count

pytestmark = pytest.mark.e2e


@dataclass(frozen=True)
class Imported:
    """The sample, imported twice by the same tenant."""

    client: Client
    first: Json
    second: Json


def imported(client: Client, **asked: object) -> Json:
    created = client.create_import(SAMPLE, resource="customer", action="merge", **asked)
    upload(SAMPLE, created["_upload_url"])
    return follow(Console(file=StringIO()), lambda: client.get_import(created["id"]))


@pytest.fixture(scope="module")
def sample(stack: Stack) -> Imported:
    key = new_key()
    add_key(stack, key)
    client = Client(stack.base_url, key.secret)
    return Imported(client, *(imported(client, duplicate_handling="use_first") for _ in range(2)))


@pytest.fixture(scope="module")
def expected() -> Expected:
    return count(SAMPLE.read_bytes(), "use_first")


def test_the_sample_s_counts_are_right_to_the_row(sample: Imported, expected: Expected) -> None:
    stats = sample.first["stats"]

    assert sample.first["status"] == "completed"
    assert (stats["total"], stats["created"]) == (expected.total, expected.created)
    assert (stats["skipped"], stats["failed"]) == (expected.skipped, expected.failed)
    assert sum(stats[name] for name in stats if name not in ("total", "overwritten")) == stats["total"]


def test_the_errors_file_gives_every_rejected_row_its_reasons(sample: Imported, expected: Expected) -> None:
    shown = sample.client.get_import(sample.first["id"], include_errors_json="true")

    rejections = summed_up(each_rejected_row(shown["_errors_json_url"]))

    assert {one.code: one.rows for one in rejections} == expected.codes


def test_the_same_file_again_changes_nothing(sample: Imported, expected: Expected) -> None:
    stats = sample.second["stats"]

    assert (stats["created"], stats["updated"]) == (expected.without_identity, 0)
    assert stats["unchanged"] == expected.created - expected.without_identity


@pytest.fixture
def show(stack: Stack, tmp_path: Path) -> Callable[[str, bytes], tuple[bool, str]]:
    """Imports a file of this name and content; whether it completed, and what the demo showed."""

    def show(name: str, content: bytes) -> tuple[bool, str]:
        (tmp_path / name).write_bytes(content)
        console = Console(file=StringIO(), width=120, force_terminal=False)
        client = Client(stack.base_url, demo_key(stack, tmp_path).secret)
        is_completed = show_import(console, client, checked(str(tmp_path / name), "customers"))
        assert isinstance(console.file, StringIO)
        return is_completed, console.file.getvalue()

    return show


def test_the_demo_shows_rejected_rows_with_reasons(show: Callable[[str, bytes], tuple[bool, str]]) -> None:
    is_completed, shown = show("two.csv", b"Name,E-mail\nAnn,ann@mail.example\nBob,bob@\n")

    assert is_completed
    assert "invalid_email" in shown
    assert "Write it as name@example.com." in shown


def test_the_demo_says_why_an_import_failed(show: Callable[[str, bytes], tuple[bool, str]]) -> None:
    is_completed, shown = show("empty.csv", b"")

    assert not is_completed
    assert "failed: empty_source: The source is empty." in shown


def test_the_demo_shows_a_refusal_as_it_came(stack: Stack) -> None:
    console = Console(file=StringIO(), width=120, force_terminal=False)

    is_completed = show_import(console, Client(stack.base_url, "px_local_nobody"), checked(None, "customers"))

    assert isinstance(console.file, StringIO)
    assert not is_completed
    assert '"code":"api_key_invalid"' in console.file.getvalue()


def test_the_demo_s_key_stays_the_same(stack: Stack, tmp_path: Path) -> None:
    assert demo_key(stack, tmp_path) == demo_key(stack, tmp_path)
