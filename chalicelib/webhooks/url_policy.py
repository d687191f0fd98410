"""Which addresses a webhook may call: none inside our network, whatever the URL looks like (SSRF).

Comes in: a URL as its owner gave it, or an address as the resolver gave it. Goes out: a target, or a refusal. A host
that is written as a number in any but the usual way is refused: parsers disagree about it. The code that connects asks
`may_call` of the very address to which it connects.
Sources: IANA special-purpose registries; WHATWG URL standard, "ends in a number"; OWASP, SSRF prevention.
"""

import re
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from urllib.parse import SplitResult, urlsplit

from chalicelib.errors import Refused
from chalicelib.model.webhooks import Target

Address = IPv4Address | IPv6Address

URL_CHARACTERS = 2_048
HTTPS_PORT, HTTP_PORT = 443, 80
FREE_PORTS = range(1_024, 65_536)
"""Below them, but for 443, live services that were never meant to be spoken to by HTTP."""

_PLAIN = re.compile(r"[!-~]+")
_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
_INSIDE = frozenset(
    "arpa corp home internal intranet invalid lan local localdomain localhost onion test".split()  # noqa: SIM905 - a list of words
)
"""Top-level names that mean something only inside a network, or nothing."""

_UNICAST_6 = IPv6Network("2000::/3")
_NOT_PUBLIC_4 = (IPv4Network("168.63.129.16/32"), IPv4Network("192.0.0.0/24"), IPv4Network("192.88.99.0/24"))
"""Beyond what `is_global` knows: a cloud's metadata under a public address, protocol assignments, 6to4 relays."""
_NOT_PUBLIC_6 = tuple(map(IPv6Network, ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")))
"""Teredo and 6to4 carry an IPv4 address; NAT64 and mapped addresses lie outside 2000::/3 altogether."""


def to_target(url: str, *, allows_local: bool = False) -> Target:
    """Returns where to connect. `allows_local` lets loopback in, by http and on any port, for a stack on one's own
    machine.

    Raises Refused `unsafe_url`.
    """
    parts = _split(url)
    if parts.scheme not in ({"https", "http"} if allows_local else {"https"}):
        raise _unsafe("Use https.")
    host, port = _checked_host(parts, allows_local=allows_local), _port_of(parts)
    if port != HTTPS_PORT and port not in FREE_PORTS and not allows_local:
        raise _unsafe(f"Use port {HTTPS_PORT}, or one from {FREE_PORTS.start} on.")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(parts.scheme, host, port, path)


def may_call(address: str, *, allows_local: bool = False) -> bool:
    """Returns whether this is an address on the public internet, or loopback where that is allowed."""
    try:
        found = ip_address(address)
    except ValueError:
        return False
    return _is_public(found) or (allows_local and found.is_loopback)


def _split(url: str) -> SplitResult:
    if len(url) > URL_CHARACTERS or not _PLAIN.fullmatch(url) or "\\" in url:
        raise _unsafe(f"A URL has at most {URL_CHARACTERS} characters, all of them plain: encode the others.")
    try:
        parts = urlsplit(url)
    except ValueError as error:
        raise _unsafe("This is no URL.") from error
    if "@" in parts.netloc or "#" in url:
        raise _unsafe("Neither user nor fragment belong here; there is a field for a header.")
    return parts


def _checked_host(parts: SplitResult, *, allows_local: bool) -> str:
    host = parts.hostname or ""
    if parts.netloc.startswith("[") or _ends_in_number(host):
        if not may_call(host, allows_local=allows_local):
            raise _unsafe("Only a public address, written in the usual way, may be called.")
        return host
    if not (_is_public_name(host) or (allows_local and host == "localhost")):
        raise _unsafe("Only a public host name may be called.")
    return host


def _port_of(parts: SplitResult) -> int:
    try:
        port = parts.port
    except ValueError as error:
        raise _unsafe("The port is none.") from error
    if parts.netloc.endswith(":") or port == 0:
        raise _unsafe("The port is none.")
    return port or (HTTPS_PORT if parts.scheme == "https" else HTTP_PORT)


def _ends_in_number(host: str) -> bool:
    return _NUMBER.fullmatch(host.removesuffix(".").rpartition(".")[2]) is not None


def _is_public_name(host: str) -> bool:
    labels = host.split(".")
    is_name = len(host) <= 253 and all(map(_LABEL.fullmatch, labels))
    return is_name and len(labels) > 1 and labels[-1] not in _INSIDE


def _is_public(address: Address) -> bool:
    if isinstance(address, IPv4Address):
        return address.is_global and not address.is_multicast and not any(address in one for one in _NOT_PUBLIC_4)
    is_unicast = address.scope_id is None and address in _UNICAST_6
    return is_unicast and address.is_global and not any(address in one for one in _NOT_PUBLIC_6)


def _unsafe(message: str) -> Refused:
    return Refused("unsafe_url", message, param="url")
