"""The demo undoes a small import of any resource, and goes on serving whatever the API answers."""

import json
from io import StringIO
from typing import Any, cast

import pytest
from rich.console import Console

from chalicelib.model.catalogue import RESOURCES
from local.undo_demo import ROWS, as_request, show_undo
from sluice import Conflict, Sluice
from sluice.errors import Refusal
from tests.import_world import ImportWorld

STATS = {"created": ROWS}


class UndoingClient:
    """A client of an API that creates all rows, and undoes them or refuses to."""

    def __init__(self, *, refuses: bool = False) -> None:
        self._refuses = refuses
        self.asked: list[tuple[str, str]] = []

    def ask(self, method: str, path: str, body: object = None) -> Any:
        if method == "GET":
            return {
                "id": path.rpartition("/")[2],
                "status": "completed",
                "stats": STATS,
                "undo": {"reversed": ROWS},
                "reason": None,
            }
        self.asked.append((method, path))
        if path.endswith("/undo") and self._refuses:
            raise Conflict(Refusal(409, message="undo_expired"))
        return {"id": "imp_undo" if path.endswith("/undo") else "imp_1"}


def output_of(client: UndoingClient) -> str:
    console = Console(file=StringIO(), width=200, force_terminal=False)
    show_undo(console, cast(Sluice, client), RESOURCES["customers"])
    assert isinstance(console.file, StringIO)
    return console.file.getvalue()


@pytest.mark.parametrize("resource", RESOURCES)
def test_the_rows_become_records_whatever_is_there(resource: str) -> None:
    world = ImportWorld()
    requests = [as_request(RESOURCES[resource], token) for token in ("a1", "b2")]

    imports = [world.run("\n".join(map(json.dumps, one["data"])), resource=resource) for one in requests]

    assert [one.stats.created for one in imports] == [ROWS, ROWS]


def test_the_import_and_its_undo_are_told() -> None:
    client = UndoingClient()

    told = output_of(client)

    assert client.asked == [("POST", "/v1/imports"), ("POST", "/v1/imports/imp_1/undo")]
    assert "Imported as if by mistake: 3 customers created" in told
    assert "Undone: 3 of 3 reversed." in told


def test_a_refusal_is_said_and_the_stack_goes_on_serving() -> None:
    assert "No undo is shown; the API answered 409: undo_expired" in output_of(UndoingClient(refuses=True))
