"""Signature Version 4 for POSTs to DynamoDB.

Comes in: an operation and its JSON. Goes out: the headers to send it with. A key derived from the secret signs a whole
day; botocore derives it anew, and builds a request object, each time, which takes ten times as long. Source: AWS's
reference, "Create a signed AWS API request".
"""

import hmac
from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache
from hashlib import sha256
from urllib.parse import urlsplit

from botocore.credentials import Credentials

ALGORITHM = "AWS4-HMAC-SHA256"
SERVICE = "dynamodb"
JSON = "application/x-amz-json-1.0"
STANDARD_PORTS = {"http": 80, "https": 443}


def utc_now() -> datetime:
    """Returns the time in UTC."""
    return datetime.now(UTC)


class RequestSigner:
    """Signs POSTs to the root of one host. It may be shared between threads."""

    def __init__(self, credentials: Credentials, region: str, url: str, now: Callable[[], datetime] = utc_now) -> None:
        """`credentials` are asked at each request, for those of a role change while the process lives."""
        self._credentials = credentials
        self._region = region
        self._host = host_of(url)
        self._now = now

    def sign(self, operation: str, content: bytes) -> dict[str, str]:
        """Returns the headers of a request, signature included."""
        now, frozen = f"{self._now():%Y%m%dT%H%M%SZ}", self._credentials.get_frozen_credentials()
        headers = {"content-type": JSON, "host": self._host, "x-amz-date": now}
        if frozen.token:
            headers["x-amz-security-token"] = frozen.token
        headers["x-amz-target"] = f"DynamoDB_20120810.{operation}"
        names = ";".join(headers)
        lines = "".join([f"{name}:{value}\n" for name, value in headers.items()])
        request = f"POST\n/\n\n{lines}\n{names}\n{sha256(content).hexdigest()}"
        scope = f"{now[:8]}/{self._region}/{SERVICE}/aws4_request"
        to_sign = f"{ALGORITHM}\n{now}\n{scope}\n{sha256(request.encode()).hexdigest()}"
        signature = hmac.digest(_signing_key(frozen.secret_key, scope), to_sign.encode(), "sha256").hex()
        headers["authorization"] = (
            f"{ALGORITHM} Credential={frozen.access_key}/{scope}, SignedHeaders={names}, Signature={signature}"
        )
        return headers


def host_of(url: str) -> str:
    """Returns what the header Host says for a URL: without the port where that is the scheme's own."""
    parts = urlsplit(url)
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname or ""
    is_standard = parts.port in (None, STANDARD_PORTS.get(parts.scheme))
    return host if is_standard else f"{host}:{parts.port}"


@lru_cache(maxsize=8)
def _signing_key(secret: str, scope: str) -> bytes:
    """Returns the key of one day, region and service."""
    key = f"AWS4{secret}".encode()
    for part in scope.split("/"):
        key = hmac.digest(key, part.encode(), "sha256")
    return key
