"""How a webhook signs, so that its receiver knows the sender: HMAC-SHA256 over `{timestamp}.{raw body}`.

Source: cStar, webhooks (`X-Signature: t=…,v1=…`). While a secret is being rotated there is a `v1` for each of the two.
A module of its own, because receivers depend on every byte of it.
"""

import hmac
from collections.abc import Iterable


def signature_of(secrets: Iterable[str], body: bytes, *, at: int) -> str:
    """Returns the value of X-Signature; `at` is the time in epoch seconds."""
    return ",".join([f"t={at}", *(f"v1={_digest(secret, body, at)}" for secret in secrets)])


def _digest(secret: str, body: bytes, at: int) -> str:
    return hmac.new(secret.encode(), f"{at}.".encode() + body, "sha256").hexdigest()
