"""Functions that fail: what becomes of an import whose task is killed, and of an event that is tried in vain."""

import time

import pytest

from local.administration.letters import redrive
from local.dead_letters import DeadLetter
from tests.e2e.packagex_client import PackageXClient, counted
from tests.e2e.sources import customers_csv
from tests.e2e.stack_internals import StackInternals

pytestmark = pytest.mark.e2e

TOO_LITTLE_MB = 32
"""Less than any function holds. Lambda gives 128 at least, with which ours fail only on sources that take long here."""
LETTER_S = 60


def test_an_import_whose_task_needs_more_memory_than_its_function_has_fails_and_says_so(
    client: PackageXClient, internals: StackInternals
) -> None:
    with internals.with_memory("Prevalidate", TOO_LITTLE_MB):
        import_ = client.run(customers_csv(1, 1700))

    assert import_["status"] == "failed"
    assert import_["reason"].startswith("out_of_memory: a task needed more memory than its function has. Split the so")
    assert import_["stats"]["total"] == import_["stats"]["unprocessed"]
    assert client.records() == []
    assert set(internals.executions(import_).values()) == {"SUCCEEDED"}
    assert "Preparsing" not in internals.states(import_)


def test_an_upload_event_that_its_function_failed_on_is_sent_again_and_becomes_an_import(
    client: PackageXClient, internals: StackInternals
) -> None:
    with internals.with_variable("OnFile", "SLUICE_CONTROL_TABLE", "gone"):
        import_id = client.upload(customers_csv(1, 3))
        letter = wait_for_letter(internals, import_id)
    before = client.show(import_id)

    redriven = redrive(internals.letters, print, now=time.time(), is_dry=False)

    import_ = client.wait(import_id)
    assert before["status"] == "requested"
    assert letter.reason.startswith("RetriesExhausted: ")
    assert "DynamoDB refused GetItem" in letter.reason
    assert [(one.letter.about, one.error) for one in redriven] == [(letter.about, None)]
    assert (import_["status"], counted(import_)) == ("completed", {"total": 3, "created": 3})
    assert internals.letters.receive_all() == []


def wait_for_letter(internals: StackInternals, import_id: str) -> DeadLetter:
    """Returns the letter about an import's file, which stays in the queue."""
    deadline = time.monotonic() + LETTER_S
    while time.monotonic() < deadline:
        for letter in internals.letters.receive_all():
            internals.letters.release(letter)
            if import_id in letter.about:
                return letter
    raise AssertionError("no letter has come")
