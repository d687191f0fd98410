"""Errors say what to do with them by their class, and what went wrong by their code."""

import pytest

from chalicelib.errors import Conflict, Fatal, NotFound, Refused, Retryable, SluiceError


def test_a_refusal_carries_code_parameter_and_details() -> None:
    refused = Refused("too_many_rows", "Split it.", param="file", limit=5)

    assert (refused.code, refused.message, refused.param, refused.details) == (
        "too_many_rows",
        "Split it.",
        "file",
        {"limit": 5},
    )
    assert str(refused) == "too_many_rows (file): Split it."
    assert str(Refused("invalid_json", "Why.")) == "invalid_json: Why."


def test_details_cannot_be_changed() -> None:
    with pytest.raises(TypeError):
        Refused("too_many_rows", "Why.", limit=5).details["limit"] = 6  # type: ignore[index] # it is a read-only view


@pytest.mark.parametrize("error", [Refused, NotFound, Conflict, Retryable, Fatal])
def test_every_error_of_ours_is_one_of_the_service(error: type[Exception]) -> None:
    assert issubclass(error, SluiceError)
