"""How a command ends: its exit code, and what is said of an error, with the next command to type."""

from collections.abc import Callable, Mapping

from sluice.downloads import PART
from sluice.errors import (
    ApiError,
    ExportStopped,
    Forbidden,
    ImportStopped,
    LoginBroken,
    NotSignedIn,
    RateLimited,
    ServiceFailed,
    SluiceError,
    SourceUnreadable,
    Unauthorized,
    Unreachable,
    WaitedTooLong,
)

DONE, ROWS_FAILED, WRONG_USE, REFUSED, NO_KEY, NOT_REACHABLE, INTERRUPTED = 0, 1, 2, 3, 4, 5, 130
"""2 is click's own."""

_CODES: Mapping[type[SluiceError], int] = {
    NotSignedIn: NO_KEY,
    LoginBroken: NO_KEY,
    Unauthorized: NO_KEY,
    Forbidden: NO_KEY,
    Unreachable: NOT_REACHABLE,
    RateLimited: NOT_REACHABLE,
    ServiceFailed: NOT_REACHABLE,
    SourceUnreadable: WRONG_USE,
    WaitedTooLong: REFUSED,
    ImportStopped: REFUSED,
    ExportStopped: REFUSED,
    ApiError: REFUSED,
}


class Stopped(Exception):
    """Ends a command with an exit code, after it has said why."""

    def __init__(self, code: int, message: str = "") -> None:
        super().__init__(message)
        self.code = code


def code_of(error: SluiceError) -> int:
    """Returns the exit code of an error: that of the first of its kinds that has one."""
    return next((_CODES[kind] for kind in type(error).__mro__ if kind in _CODES), REFUSED)


def words_of(error: SluiceError) -> str:
    """Returns what is said of an error: what, where, and what to do next."""
    if isinstance(error, ApiError) and error.code == "other_service":
        return f"{error}\n{_WHICH_ADDRESS}"
    hint = next((_HINTS[kind] for kind in type(error).__mro__ if kind in _HINTS), None)
    return f"{error}\n{hint(error)}" if hint else str(error)


def file_words(error: OSError) -> str:
    """Returns what is said of a file that cannot be read or written, or of a disk that is full."""
    place = f"{str(error.filename).removesuffix(PART)}: " if error.filename else ""
    return f"{place}{error.strerror or error}. Name another file, or make room for it."


def _patience(error: SluiceError) -> str:
    seconds = error.refusal.retry_after_s if isinstance(error, ApiError) else None
    return f"Try again in {seconds:.0f} seconds." if seconds else "Try again in a while."


_WHICH_ADDRESS = "Which address is used: sluice whoami"
_HINTS: Mapping[type, Callable[[SluiceError], str]] = {
    Unauthorized: lambda _: "Sign in anew: sluice login",
    Forbidden: lambda _: "Another key may do it: sluice login, or --as NAME",
    RateLimited: _patience,
    ServiceFailed: _patience,
    Unreachable: lambda _: f"Is it running? {_WHICH_ADDRESS}",
}
