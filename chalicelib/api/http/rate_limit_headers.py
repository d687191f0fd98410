"""What an answer tells of the key's rate limit, in headers that cStar, Kasar and most other APIs share."""

from collections.abc import Mapping

from chalicelib.errors import Refused
from chalicelib.model.rate_limits import RateLimitStatus


def rate_limit_headers(status: RateLimitStatus) -> dict[str, str]:
    """Returns limit, remaining requests and the end of the window, `X-RateLimit-Reset`, in epoch seconds."""
    return {
        "X-RateLimit-Limit": str(status.rate_limit.requests),
        "X-RateLimit-Remaining": str(status.remaining),
        "X-RateLimit-Reset": str(status.resets_at),
    }


def find_rate_limit_status(refusal: Refused) -> RateLimitStatus | None:
    """Returns the rate limit that a refusal says is exceeded, or None for refusals of another kind."""
    status = refusal.details.get("rate_limit_status")
    return status if isinstance(status, RateLimitStatus) else None


def retry_headers(refusal: Refused) -> Mapping[str, str]:
    """Returns `Retry-After` in seconds for refusals that know when to ask again."""
    wait_s = refusal.details.get("retry_after_s")
    return {} if wait_s is None else {"Retry-After": str(wait_s)}
