import pytest

from sluice import (
    Forbidden,
    Forged,
    ImportStopped,
    Invalid,
    LoginBroken,
    NotFound,
    NotSignedIn,
    RateLimited,
    ServiceFailed,
    SluiceError,
    SourceUnreadable,
    Unauthorized,
    Unreachable,
)
from sluice.cli.exits import code_of, words_of
from sluice.errors import Refusal
from sluice.models.imports import ImportFields


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (SourceUnreadable("gone"), 2),
        (Invalid(Refusal(400)), 3),
        (NotFound(Refusal(404)), 3),
        (ImportStopped(ImportFields(id="imp_1", status="failed")), 3),
        (Forged("no"), 3),
        (NotSignedIn("nobody"), 4),
        (LoginBroken("no TOML"), 4),
        (Unauthorized(Refusal(401)), 4),
        (Forbidden(Refusal(403)), 4),
        (Unreachable("down"), 5),
        (RateLimited(Refusal(429)), 5),
        (ServiceFailed(Refusal(503)), 5),
    ],
)
def test_each_error_has_a_code(error: SluiceError, code: int) -> None:
    assert code_of(error) == code


def test_an_error_is_told_with_what_to_do_next() -> None:
    limited = RateLimited(Refusal(429, message="Too many requests.", retry_after_s=40))

    assert words_of(limited) == "Too many requests.\nTry again in 40 seconds."
    assert words_of(Unauthorized(Refusal(401, message="The key is wrong."))).endswith("Sign in anew: sluice login")
    assert words_of(SourceUnreadable("It is empty.")) == "It is empty."


def test_where_something_else_answers_the_address_is_in_question() -> None:
    error = Forbidden(Refusal(403, "other_service", "http://a.example answers, but not as Sluice does."))

    assert words_of(error).endswith("Which address is used: sluice whoami")
