"""Web addresses: http and https alone; a bare domain gets `https://`.

Canonical is a lower-case scheme and host, the host in ASCII; the rest stays as given. Credentials before the host are
refused: they are never meant, and they disguise where an address leads.
"""

import re
from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit

import idna

from chalicelib.model.limits import Limits
from chalicelib.model.problem_codes import ProblemCode
from chalicelib.model.resources import Field
from chalicelib.schema.types.text import is_storable
from chalicelib.schema.types.value_reader import InvalidValue, ValueReader, as_visible

_LONGEST = 2048
_SCHEME = re.compile(r"https?://", re.IGNORECASE)
_BLANK = re.compile(r"[\s<>\"\\^`{|}]")
_HOST = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?)*\.?")


def url_reader(field: Field, limits: Limits) -> ValueReader:
    """Returns the reader of a field of web addresses."""

    def read(value: object) -> str:
        text = as_visible(value, "a web address")
        found = _find_url(text) if len(text) <= _LONGEST and is_storable(text) else None
        if found is None:
            raise InvalidValue(ProblemCode.INVALID_URL)
        return found

    return read


def _find_url(text: str) -> str | None:
    if _BLANK.search(text):
        return None
    has_scheme = _SCHEME.match(text) is not None
    try:
        parts = urlsplit(text if has_scheme else f"https://{text}")
        host = _find_host(parts)
    except ValueError:
        return None
    # Without a scheme only a dot tells an address from a word.
    if host is None or not (has_scheme or "." in host):
        return None
    return parts._replace(scheme=parts.scheme.lower(), netloc=host).geturl()


def _find_host(parts: SplitResult) -> str | None:
    """Returns host and port; urlsplit raises ValueError on ports out of range and on brackets that hold no address."""
    if "@" in parts.netloc or not parts.hostname or len(parts.hostname) > 253:
        return None
    port = "" if parts.port is None else f":{parts.port}"
    if "[" in parts.netloc:
        return f"[{ip_address(parts.hostname)}]{port}"
    host = parts.hostname if parts.hostname.isascii() else idna.encode(parts.hostname, uts46=True).decode()
    return host + port if _HOST.fullmatch(host) else None
