"""What can go wrong, by what the caller can do about it.

Everything that this package raises on purpose is a `SluiceError`. An answer that is no success is an `ApiError`, which
knows the status, the code for programs and the parameters at fault.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


class SluiceError(Exception):
    """Whatever this package raises on purpose."""


class NotSignedIn(SluiceError):
    """There is neither an address nor a key to use."""


class LoginBroken(SluiceError):
    """An address or a key cannot be one, or a file of logins cannot be used: it is no TOML, or names an address that it
    must not."""


class Unreachable(SluiceError):
    """No answer came, or none but 429 and 503, however often it was tried."""


class Forged(SluiceError):
    """A webhook's request was not signed by the secret, or is too old."""


class SourceUnreadable(SluiceError):
    """The file to send is not there, is empty, or changed while it was sent."""


class WaitedTooLong(SluiceError):
    """An import or export has not ended within the time that the caller gives it; it goes on."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """What an answer that is no success says."""

    status: int
    code: str = ""
    """What is wrong, for programs; `other_service` where no Sluice has answered; empty for a signed URL."""
    message: str = ""
    errors: tuple[str, ...] = ()
    """The parameters at fault, each with what is wrong with it."""
    request_id: str = ""
    retry_after_s: float | None = None

    @classmethod
    def from_answer(cls, status: int, body: Any, headers: Mapping[str, str]) -> "Refusal":
        """Returns what the answer says, in PackageX's envelope, in API Gateway's, or in none at all."""
        found: Mapping[str, Any] = body if isinstance(body, Mapping) else {}
        inner = found.get("error")
        found = inner if isinstance(inner, Mapping) else found
        message = str(found.get("message") or f"The answer is {status}.")
        return cls(
            status=status,
            code=str(found.get("code") or ""),
            message=message,
            errors=tuple(map(str, _sequence(found.get("errors")))),
            request_id=headers.get("x-request-id", ""),
            retry_after_s=seconds_of(headers.get("retry-after")),
        )


class ApiError(SluiceError):
    """The service has refused a request."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(_sentences(refusal))
        self.refusal = refusal

    @property
    def status(self) -> int:
        """Returns the HTTP status."""
        return self.refusal.status

    @property
    def code(self) -> str:
        """Returns what is wrong, for programs."""
        return self.refusal.code


def _sentences(refusal: Refusal) -> str:
    """Returns what is wrong, each thing once: where a parameter at fault has the words of the message, its name goes
    before them."""
    message = refusal.message
    is_said = any(one == message or one.endswith(f": {message}") for one in refusal.errors)
    return " ".join([*([] if is_said else [message]), *refusal.errors])


class Invalid(ApiError):
    """The request is wrong: 400, 405, 413, 415, 422."""


class Unauthorized(ApiError):
    """The key is missing, wrong or expired: 401."""


class Forbidden(ApiError):
    """The key may not do this: 403."""


class NotFound(ApiError):
    """What was asked for does not exist: 404, 410."""


class Conflict(ApiError):
    """What was asked for does not go with how things are: 409."""


class RateLimited(ApiError):
    """Too many requests, still after several tries: 429."""


class ServiceFailed(ApiError):
    """The service has failed: 5xx."""


_BY_STATUS: Mapping[int, type[ApiError]] = {
    401: Unauthorized,
    403: Forbidden,
    404: NotFound,
    409: Conflict,
    410: NotFound,
    429: RateLimited,
}
_SERVER_ERRORS = 500


def api_error(refusal: Refusal) -> ApiError:
    """Returns the error of the kind that its status stands for."""
    kind = ServiceFailed if refusal.status >= _SERVER_ERRORS else _BY_STATUS.get(refusal.status, Invalid)
    return kind(refusal)


class ImportStopped(SluiceError):
    """An import did not complete: it failed, was canceled, timed out or expired. `outcome` is the import."""

    def __init__(self, outcome: Any) -> None:
        super().__init__(f"Import {outcome.id} is {outcome.status}: {outcome.reason or 'no reason is known'}")
        self.outcome = outcome


class ExportStopped(SluiceError):
    """An export did not complete. `outcome` is the export."""

    def __init__(self, outcome: Any) -> None:
        super().__init__(f"Export {outcome.id} is {outcome.status}: {outcome.reason or 'no reason is known'}")
        self.outcome = outcome


class RowsFailed(SluiceError):
    """An import completed, and rows of it failed. `outcome` is the import."""

    def __init__(self, outcome: Any) -> None:
        super().__init__(f"{outcome.stats.failed} of {outcome.stats.total} rows of import {outcome.id} failed")
        self.outcome = outcome


def seconds_of(header: str | None) -> float | None:
    """Returns the seconds that a Retry-After says; None without one, and for a date, which nothing of ours sends."""
    try:
        return max(0.0, float(header)) if header else None
    except ValueError:
        return None


def _sequence(given: object) -> Sequence[object]:
    return given if isinstance(given, Sequence) and not isinstance(given, str) else ()
