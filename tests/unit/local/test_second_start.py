"""While a stack serves, another `make run` imports into it instead of starting a second one."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from chalicelib.model.api_keys import KeyKind
from local.demo import check_arguments
from local.keys import FILE, kept_keys
from local.second_start import (
    ASK_FOR_A_FILE,
    LOOK_EVERY_S,
    STARTS_WITHIN_S,
    find_client,
    import_by_command,
    import_into_running,
)
from local.stack_state import StackState, save_state
from tests.loopback_server import Connection, LoopbackServer
from tests.service_in_memory import ServiceInMemory


class Healthy(Connection):
    def respond(self) -> None:
        self.answer(200)


@pytest.fixture
def port() -> Iterator[int]:
    """The port of a server that answers."""
    with LoopbackServer(Healthy) as server:
        yield server.server_port


def keep(state: Path, port: int) -> None:
    save_state(state, StackState(proxy_port=port))
    secrets = {kind.value: f"{kind.value}_secret" for kind in KeyKind}
    (state / FILE).write_text(json.dumps({"tenant_id": "6f1c2a4e-0000-4000-8000-000000000001", "secrets": secrets}))


def test_the_stack_that_serves_is_found_with_its_key(port: int, tmp_path: Path) -> None:
    keep(tmp_path, port)

    client = find_client(tmp_path)

    assert client is not None
    assert client.url == f"http://127.0.0.1:{port}"


def test_one_that_is_starting_is_waited_for(port: int, tmp_path: Path) -> None:
    waits: list[float] = []

    def wait(seconds: float) -> None:
        waits.append(seconds)
        keep(tmp_path, port)

    assert find_client(tmp_path, wait) is not None
    assert waits == [LOOK_EVERY_S]


def test_one_that_does_not_answer_is_not_waited_for_without_end(tmp_path: Path) -> None:
    waits: list[float] = []

    assert find_client(tmp_path, waits.append) is None
    assert sum(waits) == STARTS_WITHIN_S


def test_without_a_file_it_says_how_to_name_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert import_into_running(tmp_path, check_arguments(None, "customers"), is_named=False) == 1
    assert capsys.readouterr().out.strip() == ASK_FOR_A_FILE


def test_before_the_first_start_there_are_no_keys(tmp_path: Path) -> None:
    assert kept_keys(tmp_path) is None


def test_a_file_is_imported_as_the_command_line_does(tmp_path: Path) -> None:
    service = ServiceInMemory()
    (tmp_path / "people.csv").write_text("name,email\nAnn,ann@example.com\n")

    code = import_by_command(service.client(), check_arguments(str(tmp_path / "people.csv"), "contact", "create"))

    [done] = service.client().imports.each()
    assert (code, done.action, done.stats.created, done.max_deleted) == (0, "create", 1, "10%")
