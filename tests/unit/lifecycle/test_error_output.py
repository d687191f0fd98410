"""What a state machine says of a function that failed becomes a reason that callers read."""

import pytest

from chalicelib.lifecycle.error_output import ErrorOutput


@pytest.mark.parametrize(
    ("output", "text"),
    [
        pytest.param(
            {"Error": "Runtime.OutOfMemory", "Cause": "{}"},
            "out_of_memory: a task needed more memory than its function has. Split it.",
            id="memory",
        ),
        pytest.param(
            {"Error": "Runtime.ExitError"},
            "task_crashed: the process of a task ended before its work did. Try again.",
            id="crash without a cause",
        ),
        pytest.param(
            {"Error": "Sandbox.Timedout", "Cause": "secret"},
            "internal_error: a task ended with Sandbox.Timedout",
            id="any other error",
        ),
    ],
)
def test_the_reason_follows_from_error_and_cause(output: dict[str, str], text: str) -> None:
    assert ErrorOutput.model_validate(output).to_stop_reason("Split it.").text == text
