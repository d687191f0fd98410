"""Whole imports over the real stores on S3 and Step Functions, with a fault at every single request to them."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

import pytest

from chalicelib.errors import Retryable
from chalicelib.model.imports import Action, Import
from chalicelib.stores.interfaces import Stores
from chalicelib.stores.memory.machine import Execution
from chalicelib.stores.s3 import S3Files
from chalicelib.stores.s3_multipart import PART_BYTES
from chalicelib.stores.step_functions import StepFunctionsExecutions, import_executions
from tests.faults.aws_requests import (
    AWS_FAULTS,
    AwsFault,
    UnreliableAws,
    answer_lost,
    broken_off,
    error,
    moto_on_demand,
)
from tests.faults.conftest import Cases
from tests.faults.executions import invoke_once
from tests.faults.recorder import pass_through
from tests.faults.recording import Recording, record
from tests.faults.scenarios import IN_BATCHES, IN_ONE_TASK, NAMED_SOURCE, Scenario
from tests.faults.simulated_import import SimulatedImport, StoreFactories
from tests.import_world import Clock
from tests.world import an_import

MACHINE = "arn:aws:states:us-east-1:1:stateMachine:m"
SCENARIOS = [
    Scenario(),
    Scenario(limits=IN_ONE_TASK),
    Scenario(limits=IN_BATCHES),
    Scenario(action=Action.OVERWRITE, limits=IN_BATCHES, source=NAMED_SOURCE, name="overwrite in batches"),
]


@dataclass(frozen=True, kw_only=True)
class AwsStores(StoreFactories):
    """Makes stores whose files lie in S3, and whose executions run in Step Functions."""

    aws: UnreliableAws

    def make(self, clock: Clock) -> tuple[Stores, list[Any]]:
        """Returns new stores, and the final statuses that imports are given from now on."""
        stores, ends = super().make(clock)
        files = S3Files(self.aws.session, self.aws.begin())
        executions: Any = import_executions(self.aws.session, MACHINE)
        executions.executions = self.aws.states.executions
        return replace(stores, files=files, import_executions=executions), ends


@pytest.fixture(scope="module")
def aws() -> Iterator[UnreliableAws]:
    with moto_on_demand():
        yield UnreliableAws()


@pytest.fixture(params=SCENARIOS, ids=str, scope="module")
def recording(request: pytest.FixtureRequest, aws: UnreliableAws) -> Recording:
    """A part of the cases is of the shortest scenario: its runs take a third of a second, those in batches more."""
    if request.param is not SCENARIOS[0] and not request.config.getoption("--every-case"):
        pytest.skip("runs with --every-case")
    return record(request.param, AwsStores(aws=aws))


def with_fault(recording: Recording, aws: UnreliableAws, at: int, fault: AwsFault) -> SimulatedImport:
    """Runs the scenario with a fault at one request."""
    simulation = recording.replay(lambda _: pass_through)
    aws.inject(at, fault)
    return simulation.run()


@pytest.fixture(scope="module")
def operations(recording: Recording, aws: UnreliableAws) -> list[tuple[int, str]]:
    """Returns the numbers and names of the requests of the scenario without a fault."""
    recording.replay(lambda _: pass_through).run()
    return list(enumerate(aws.operations))


@pytest.mark.parametrize("kind", AWS_FAULTS)
def test_a_fault_at_a_request_leaves_no_trace(
    recording: Recording, aws: UnreliableAws, operations: list[tuple[int, str]], kind: str, cases: Cases
) -> None:
    of_states = [one for one in operations if one[1].endswith("Execution")]

    for at, operation in dict.fromkeys(
        [*of_states, *cases.some(operations[list(AWS_FAULTS).index(kind) :], one_in=107)]
    ):
        simulation = with_fault(recording, aws, at, AWS_FAULTS[kind])
        cases.check(f"{kind} at request {at}, {operation}", recording.violations(simulation))

    cases.conclude()


def test_a_body_that_breaks_off_is_never_taken_for_a_whole(
    recording: Recording, aws: UnreliableAws, operations: list[tuple[int, str]], cases: Cases
) -> None:
    reads = [one for one in operations if one[1] == "GetObject"]

    for at, operation in cases.some(reads, one_in=61):
        simulation = with_fault(recording, aws, at, broken_off)
        cases.check(f"broken off at request {at}, {operation}", recording.violations(simulation))

    cases.conclude()


@pytest.mark.parametrize("operation", ["CreateMultipartUpload", "UploadPart", "CompleteMultipartUpload"])
@pytest.mark.parametrize("kind", ["never sent", "answer lost", "sent twice", "throttled", "done, 500"])
def test_a_large_object_is_whole_or_absent(aws: UnreliableAws, kind: str, operation: str) -> None:
    files = S3Files(aws.session, aws.begin())
    write_large(files, "first")
    aws.inject(len(aws.operations) + aws.operations.index(operation), AWS_FAULTS[kind])

    with pytest.raises(Retryable) if kind != "sent twice" else suppress(Retryable):
        write_large(files, "key")

    found = files.find_file("key")
    assert found is None or found.size_bytes == PART_BYTES + 1
    assert write_large(files, "key").size_bytes == PART_BYTES + 1


def test_an_error_inside_of_a_200_is_an_error(aws: UnreliableAws) -> None:
    """Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_CompleteMultipartUpload.html"""
    files = S3Files(aws.session, aws.begin())
    write_large(files, "first")
    nth = len(aws.operations) + aws.operations.index("CompleteMultipartUpload")
    aws.inject(nth, lambda send, operation: error(200, "InternalError"))

    with pytest.raises(Retryable):
        write_large(files, "key")

    assert files.find_file("key") is None


def write_large(files: S3Files, key: str) -> Any:
    chunks = [b"x" * PART_BYTES, b"y"]
    return invoke_once("write", lambda: files.write_stream(key, chunks, content_type="text/csv"))


def test_an_execution_is_started_once_whatever_is_lost(aws: UnreliableAws) -> None:
    aws.begin()
    executions, import_ = import_executions(aws.session, MACHINE), an_import()
    aws.inject(0, answer_lost)

    with pytest.raises(Retryable):
        invoke_once("start", lambda: executions.start(import_))
    invoke_once("start", lambda: executions.start(import_))

    assert [*aws.states.executions] == [f"{import_.import_id}-1"]


def test_an_execution_that_has_ended_is_not_started_again(aws: UnreliableAws) -> None:
    """Step Functions refuses its name from then on, which is no error."""
    aws.begin()
    executions: StepFunctionsExecutions[Import] = import_executions(aws.session, MACHINE)
    import_ = an_import()
    executions.start(import_)
    executions.stop(import_, cause="canceled")

    executions.start(import_)

    (execution,) = aws.states.executions.values()
    assert isinstance(execution, Execution)
    assert execution.stopped_by == "canceled"
