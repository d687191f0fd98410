"""Executions are named after their jobs, started once, and stopped only while they run."""

from collections.abc import Callable
from typing import Any, cast

import orjson
import pytest
from botocore.exceptions import ClientError

from chalicelib.imports.events import FinishEvent, ImportRoute
from chalicelib.model.stop_reasons import StopCode, StopReason
from chalicelib.stores.clients import Session
from chalicelib.stores.step_functions import export_executions, import_executions
from tests.world import OURS, an_export, an_import

MACHINE = "arn:aws:states:us-east-1:1:stateMachine:sluice-import"
EXECUTION = "arn:aws:states:us-east-1:1:execution:sluice-import:imp_1-2"


class Client:
    """Answers every request alike, and remembers them; of several answers, one after the other."""

    def __init__(self, *statuses: str, error: str = "") -> None:
        self.requests: list[tuple[str, dict[str, Any]]] = []
        self._statuses = [*statuses] or ["RUNNING"]
        self._error = error

    def __getattr__(self, operation: str) -> Callable[..., dict[str, Any]]:
        def request(**parameters: Any) -> dict[str, Any]:
            self.requests.append((operation, parameters))
            status = self._statuses.pop(0) if len(self._statuses) > 1 else self._statuses[0]
            if error := self._error or (status if status.endswith("Exception") else ""):
                raise ClientError({"Error": {"Code": error}}, operation)
            return {"status": status}

        return request


class OneClient:
    def __init__(self, client: Client) -> None:
        self._client = client

    def client(self, *_args: object, **_options: object) -> Client:
        return self._client


def session(client: Client) -> Session:
    return cast(Session, OneClient(client))


def test_an_execution_of_an_import_is_named_after_import_and_attempt() -> None:
    client = Client()

    import_executions(session(client), MACHINE).start(an_import(import_id="imp_1", attempt=2))

    given = f'{{"tenant_id":"{OURS}","import_id":"imp_1","attempt":2,"route":"plan"}}'
    assert client.requests == [
        ("start_execution", {"stateMachineArn": MACHINE, "name": "imp_1-2", "input": given}),
    ]


def test_an_execution_that_ends_an_import_goes_straight_to_its_last_state() -> None:
    client = Client()
    import_ = an_import(import_id="imp_1", attempt=2, deadline_at=100, postponed_until=300)

    import_executions(session(client), MACHINE).start_ending(import_, StopReason(StopCode.TIMED_OUT), is_dead=True)

    ((operation, request),) = client.requests
    given = orjson.loads(request["input"])
    event = FinishEvent.model_validate(given)
    assert (operation, request["name"], given["route"]) == ("start_execution", "imp_1-2-end-300", ImportRoute.FINISH)
    assert (event.attempt, event.stopped_by, event.is_dead) == (2, StopReason(StopCode.TIMED_OUT), True)
    assert event.is_from_outside


@pytest.mark.parametrize("status", ["RUNNING", "PENDING_REDRIVE", "SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED"])
def test_every_status_of_an_execution_is_known(status: str) -> None:
    found = import_executions(session(Client(status)), MACHINE).find_status(an_import())

    assert found == status
    assert found.is_over is (status not in ("RUNNING", "PENDING_REDRIVE"))


def test_an_execution_of_an_export_is_named_after_it() -> None:
    client = Client()

    export_executions(session(client), MACHINE).start(an_export(export_id="exp_1"))

    assert client.requests[0][1]["name"] == "exp_1"


def test_an_execution_that_exists_is_started_already() -> None:
    client = Client(error="ExecutionAlreadyExists")

    import_executions(session(client), MACHINE).start(an_import())


def test_another_refusal_is_raised() -> None:
    client = Client(error="AccessDeniedException")

    with pytest.raises(ClientError):
        import_executions(session(client), MACHINE).start(an_import())


@pytest.mark.parametrize(
    ("status", "operations"),
    [("RUNNING", ["describe_execution", "stop_execution"]), ("SUCCEEDED", ["describe_execution"])],
)
def test_only_an_execution_that_runs_is_stopped(status: str, operations: list[str]) -> None:
    client = Client(status)

    import_executions(session(client), MACHINE).stop(an_import(import_id="imp_1", attempt=2), cause="canceled")

    assert [operation for operation, _ in client.requests] == operations
    assert {one["executionArn"] for _, one in client.requests} == {EXECUTION}


def test_an_execution_that_never_was_needs_no_stopping() -> None:
    import_executions(session(Client(error="ExecutionDoesNotExist")), MACHINE).stop(an_import(), cause="canceled")


def test_an_execution_that_ends_before_it_is_stopped_has_ended() -> None:
    client = Client("RUNNING", "ValidationException", "SUCCEEDED")

    import_executions(session(client), MACHINE).stop(an_import(), cause="canceled")

    assert len(client.requests) == 3


def test_an_execution_that_cannot_be_stopped_and_runs_on_is_told_of() -> None:
    client = Client("RUNNING", "AccessDeniedException", "RUNNING")

    with pytest.raises(ClientError):
        import_executions(session(client), MACHINE).stop(an_import(), cause="canceled")
