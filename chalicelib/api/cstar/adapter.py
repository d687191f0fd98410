"""How cStar is asked and how it answers: a bearer key of one of four kinds, a team in the path, one envelope for
successes and one for failures.
"""

from collections.abc import Callable, Mapping
from functools import wraps
from http import HTTPStatus

from chalice.app import Request, Response

from chalicelib.api.cstar.errors import INTERNAL_ERROR, PREFIXES, UNAVAILABLE, Failure, failure_of
from chalicelib.api.cstar.responses import CStarAnswer, FailureDetails, render_failure, render_success
from chalicelib.api.http.rate_limit_headers import rate_limit_headers
from chalicelib.api.http.request import request_id
from chalicelib.api.http.response import Document, sized_response
from chalicelib.api.http.router import Call, DialectAdapter, bearer_secret
from chalicelib.errors import Refused
from chalicelib.model.rate_limits import RateLimitStatus

CStarView = Callable[[Call], CStarAnswer | Document]


def make_adapter(now: Callable[[], int]) -> DialectAdapter[CStarAnswer | Document]:
    """Returns how cStar is asked and how it answers. Failures bear the time, also those of requests that reach
    no view.
    """

    def refused(refusal: Refused, request: Request) -> Response:
        failure = failure_of(refusal)
        details = FailureDetails(
            message=refusal.message,
            request_id=_id_of(request),
            now=now(),
            param=refusal.param,
            retry_after_s=refusal.details.get("retry_after_s")
            if failure.status is HTTPStatus.TOO_MANY_REQUESTS
            else None,
            headers=_headers_of(refusal, failure),
        )
        return render_failure(failure, details)

    def unavailable(request: Request) -> Response:
        return render_failure(
            UNAVAILABLE, FailureDetails(message="", request_id=_id_of(request), now=now(), headers={"Retry-After": "1"})
        )

    return DialectAdapter(
        find_secret=_find_secret,
        render_answer=lambda answer, call: sized_response(
            answer if isinstance(answer, Document) else render_success(answer, now()), call
        ),
        render_refusal=refused,
        render_unavailable=unavailable,
        render_internal_error=lambda request: render_failure(
            INTERNAL_ERROR, FailureDetails(message="", request_id=_id_of(request), now=now())
        ),
        render_rate_limit=_with_window,
    )


def of_team(view: CStarView) -> CStarView:
    """Returns the view for callers whose key belongs to the team in the path; test keys belong to the team they
    test.
    """

    @wraps(view)
    def guarded(call: Call) -> CStarAnswer | Document:
        if call.path["team_id"].lower() != call.caller.live_tenant_id.lower():
            raise Refused("foreign_team", "The API key does not belong to this team.")
        return view(call)

    return guarded


def _headers_of(refusal: Refused, failure: Failure) -> dict[str, str]:
    headers = {"Allow": str(refusal.details["allowed"])} if "allowed" in refusal.details else {}
    return {**headers, "WWW-Authenticate": "Bearer"} if failure.status is HTTPStatus.UNAUTHORIZED else headers


def _find_secret(request: Request) -> str | None:
    secret = bearer_secret(request)
    if secret and not secret.startswith(PREFIXES):
        raise Refused("malformed_key", f"An API key begins with one of {', '.join(PREFIXES)}.")
    return secret


def _with_window(status: RateLimitStatus) -> Mapping[str, str]:
    return {**rate_limit_headers(status), "X-RateLimit-Window": str(status.rate_limit.window_s)}


def _id_of(request: Request) -> str:
    return f"req_{request_id(request)}"
