"""When a request is sent again, and after which pause.

A request that never reached the service is always sent again; one that may have reached it only if a repeat does no
more than the first: everything but a POST without an `Idempotency-Key`. What a repeated DELETE no longer finds, an
earlier try has deleted. `Retry-After` wins; otherwise a pause is drawn
between nothing and a bound that doubles (full jitter: https://aws.amazon.com/builders-library/timeouts-retries-and-backoff-with-jitter/).
"""

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import httpx

from sluice.errors import Unreachable, seconds_of
from sluice.transport import Flow, Outgoing, Pause, Save, Send

KEY_HEADER = "Idempotency-Key"
TOO_MANY = 429
AT_WORK = "idempotency_key_in_use"
"""Of a 409: the try before this one reached the service, which is still at it."""
_PASSING = frozenset({502, 503, 504})
_DELETED = {"data": None}
"""What a repeated DELETE is answered that finds nothing more to delete."""
_NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)

Request = TypeVar("Request", Send, Save)


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How often, and with which pauses."""

    tries: int = 4
    first_pause_s: float = 0.5
    """The bound of the first pause; each further one is twice as large."""
    longest_pause_s: float = 20.0
    longest_retry_after_s: float = 120.0
    """Where the service asks for more patience, the refusal is raised at once, and says for how much."""
    draw: Callable[[], float] = random.random
    """A number from 0 to 1."""

    def pause_s(self, tried: int, asked_s: float | None = None) -> float:
        """Returns the pause after that many tries; `asked_s` is what the service has asked for."""
        if asked_s is not None:
            return asked_s
        return self.draw() * float(min(self.longest_pause_s, self.first_pause_s * 2 ** (tried - 1)))


def sent(step: Send | Save, policy: RetryPolicy) -> Flow[httpx.Response]:
    """Returns the response to the request, whatever its status. Raises Unreachable where none came, and httpx's
    LocalProtocolError where the body is not as long as was said."""
    may_be_done = False
    for tried in range(1, policy.tries + 1):
        is_last = tried == policy.tries
        try:
            response: httpx.Response = yield _from_its_beginning(step)
        except httpx.LocalProtocolError:
            raise  # the body is not as long as was said: another try would send the same
        except httpx.TransportError as error:
            if is_last or not _may_repeat(step.request, error):
                raise Unreachable(
                    f"{_place(step.request)} is not reachable: {error or type(error).__name__}"
                ) from error
            may_be_done = may_be_done or not isinstance(error, _NEVER_SENT)
            yield Pause(policy.pause_s(tried))
            continue
        if may_be_done and step.request.method == "DELETE" and response.status_code == httpx.codes.NOT_FOUND:
            return httpx.Response(httpx.codes.OK, json=_DELETED)
        asked_s = seconds_of(response.headers.get("retry-after"))
        if is_last or not _is_passing(step.request, response) or (asked_s or 0) > policy.longest_retry_after_s:
            return response
        may_be_done = may_be_done or response.status_code in _PASSING
        yield Pause(policy.pause_s(tried, asked_s))
    raise AssertionError("the last try returns or raises")


def _from_its_beginning(step: Send | Save) -> Send | Save:
    """Returns the step, with nothing in the file of what an earlier try has written."""
    if isinstance(step, Save):
        step.file.seek(0)
        step.file.truncate()
    return step


def _may_repeat(request: Outgoing, error: httpx.TransportError) -> bool:
    return isinstance(error, _NEVER_SENT) or _is_repeatable(request)


def _is_passing(request: Outgoing, response: httpx.Response) -> bool:
    """Returns whether the same request may have another answer soon, and may be sent again."""
    if response.status_code == TOO_MANY:
        return True
    if response.status_code in _PASSING:
        return _is_repeatable(request)
    return response.status_code == httpx.codes.CONFLICT and AT_WORK in response.text


def _is_repeatable(request: Outgoing) -> bool:
    return request.method != "POST" or KEY_HEADER in request.headers


def _place(request: Outgoing) -> str:
    url = httpx.URL(request.url)
    return f"{url.scheme}://{url.netloc.decode()}"
