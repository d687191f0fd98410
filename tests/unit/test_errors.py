"""What a refusal bears, and what each exception tells its catcher."""

import pytest

from chalicelib.errors import Conflict, Fatal, NotFound, Refused, Retryable, SluiceError


def test_a_refusal_bears_code_message_parameter_and_details() -> None:
    refusal = Refused("too_many_rows", "There are more than 5 rows.", param="data", limit=5)

    assert (refusal.code, refusal.message, refusal.param) == ("too_many_rows", "There are more than 5 rows.", "data")
    assert refusal.details == {"limit": 5}


@pytest.mark.parametrize(
    ("refusal", "text"),
    [
        (Refused("too_large", "Too large.", param="data"), "too_large (data): Too large."),
        (NotFound("import_not_found", "There is none."), "import_not_found: There is none."),
    ],
)
def test_a_refusal_reads_as_code_place_and_message(refusal: Refused, text: str) -> None:
    assert str(refusal) == text


def test_details_cannot_be_changed_on_the_way_to_the_caller() -> None:
    with pytest.raises(TypeError):
        Refused("too_large", "Too large.", limit=5).details["limit"] = 6  # type: ignore[index]


def test_conflicts_and_missing_things_are_refusals_and_failures_are_not() -> None:
    assert issubclass(NotFound, Refused)
    assert issubclass(Conflict, Refused)
    assert not issubclass(Retryable, Refused)
    assert not issubclass(Fatal, Refused)
    assert issubclass(Fatal, SluiceError)
