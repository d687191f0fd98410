"""The demo undoes a small import of any resource, and goes on serving whatever the API answers."""

import json
from io import StringIO

import pytest
from rich.console import Console

from chalicelib.model.catalogue import RESOURCES
from local.undo_demo import ROWS, as_request, show_undo
from sluice import Sluice
from tests.import_world import ImportWorld
from tests.service_in_memory import ServiceInMemory, passed, refused


def output_of(client: Sluice) -> str:
    console = Console(file=StringIO(), width=200, force_terminal=False)
    show_undo(console, client, RESOURCES["customers"])
    assert isinstance(console.file, StringIO)
    return console.file.getvalue()


@pytest.mark.parametrize("resource", RESOURCES)
def test_the_rows_become_records_whatever_is_there(resource: str) -> None:
    world = ImportWorld()
    requests = [as_request(RESOURCES[resource], token) for token in ("a1", "b2")]

    imports = [world.run("\n".join(map(json.dumps, one["data"])), resource=resource) for one in requests]

    assert [one.stats.created for one in imports] == [ROWS, ROWS]


def test_the_import_and_its_undo_are_told() -> None:
    service = ServiceInMemory()

    told = output_of(service.client())

    assert "Imported as if by mistake: 3 customers created" in told
    assert "Undone: 3 of 3 reversed." in told
    assert list(service.client().records.each("customers")) == []


def test_a_refusal_is_said_and_the_stack_goes_on_serving() -> None:
    client = ServiceInMemory().client(passed, passed, refused(409))

    assert "No undo is shown; the API answered 409" in output_of(client)
