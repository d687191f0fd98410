"""How often a Task is tried again after which error, read from the lists that are deployed."""

import pytest

from chalicelib.model.limits import Limits
from statemachine.retries import RETRIES, Tries


def tries_until_failed(error: str, most: int = 20_000) -> int:
    """How often a function is called by a state whose every call ends with this error."""
    tries = Tries()
    return next(number for number in range(1, most) if tries.longest_delay_s(error) is None)


@pytest.mark.parametrize(
    "error",
    [
        "Retryable",
        "Lambda.AWSLambdaException",
        "Lambda.ClientExecutionTimeoutException",
        "Lambda.SdkClientException",
        "Lambda.ServiceException",
        "Lambda.Unknown",
        "Runtime.Unknown",
        "Sandbox.Timedout",
    ],
)
def test_what_may_go_well_the_next_time_is_called_seven_times(error: str) -> None:
    assert tries_until_failed(error) == 7


@pytest.mark.parametrize("error", ["Runtime.ExitError", "Runtime.OutOfMemory", "MemoryError"])
def test_a_process_that_is_killed_for_its_memory_is_called_twice(error: str) -> None:
    assert tries_until_failed(error) == 2


@pytest.mark.parametrize("error", ["KeyError", "Fatal", "Lambda.ResourceNotFoundException"])
def test_errors_that_no_list_names_are_called_three_times(error: str) -> None:
    assert tries_until_failed(error) == 3


def test_a_task_for_which_no_function_is_free_waits_longer_than_any_import_lives() -> None:
    tries, waited_s = Tries(), 0.0
    while waited_s / 2 < Limits().import_time_s:  # full jitter waits half of the longest on average
        delay_s = tries.longest_delay_s("Lambda.TooManyRequestsException")
        assert delay_s is not None
        waited_s += delay_s

    assert tries.longest_delay_s("Retryable") == 2


def test_waits_grow_up_to_a_minute() -> None:
    tries = Tries()

    assert [tries.longest_delay_s("Retryable") for _ in range(7)] == [2, 4, 8, 16, 32, 60, None]


def test_each_list_counts_its_own_tries() -> None:
    tries = Tries()
    used = [tries.longest_delay_s(error) for error in ["Runtime.ExitError", "Retryable", "Runtime.ExitError"]]

    assert used == [2, 2, None]


def test_a_timeout_of_the_state_itself_is_not_tried_again() -> None:
    assert Tries().longest_delay_s("States.Timeout") is None


def test_no_two_lists_name_one_error() -> None:
    names = [name for retrier in RETRIES for name in retrier["ErrorEquals"]]

    assert len(names) == len(set(names))
