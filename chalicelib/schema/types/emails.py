"""E-mail addresses: their syntax is checked, not whether they exist.

Canonical is the local part as given and the domain in lower-case ASCII. Domains need a dot and end in a letter, which
catches `jane@gmail`; names that can never receive mail, such as `.invalid`, are refused.
"""

import re
import unicodedata
from functools import lru_cache

from chalicelib.model.invisible_characters import SPACES, visible
from chalicelib.model.limits import Limits
from chalicelib.model.problem_codes import ProblemCode
from chalicelib.model.resources import Field
from chalicelib.schema.types.value_reader import InvalidValue, ValueReader, as_text

RESERVED = (".arpa", ".invalid", ".localhost", ".onion")
"""Endings of domains that the library refuses; written out, since the library is loaded only when it is needed."""
_LONGEST = 254
_CERTAIN_LENGTH = 64
"""Up to this length no part of an address can exceed its own limit (RFC 5321, 4.5.3.1)."""

_CERTAIN = re.compile(r"[A-Za-z0-9_+-]+(?:\.[A-Za-z0-9_+-]+)*@([a-z0-9.-]+)")
_CERTAIN_DOMAIN = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*(?:\.[a-z0-9]+(?:-[a-z0-9]+)*)*\.[a-z]{2,}")
"""With `_CERTAIN` a strict subset of what the library accepts, many times faster to recognise, and canonical
already."""


def email_reader(field: Field, limits: Limits) -> ValueReader:
    """Returns the reader of a field of e-mail addresses."""

    def read(value: object) -> str:
        # Line ends around an address are no space: an address that brings one along may be bringing a header.
        text = visible(as_text(value, "an email address")).strip(SPACES)
        return text if is_certain_email(text) else _canonical(text)

    return read


def is_certain_email(text: str) -> bool:
    """Returns whether the text is canonical as it stands; if not, it may be an address all the same."""
    found = _CERTAIN.fullmatch(text)
    return found is not None and len(text) <= _CERTAIN_LENGTH and _is_certain_domain(found[1])


@lru_cache(maxsize=16_384)
def _is_certain_domain(domain: str) -> bool:
    """Remembered, as most addresses of a source share few domains."""
    return _CERTAIN_DOMAIN.fullmatch(domain) is not None and not domain.endswith(RESERVED)


def _canonical(text: str) -> str:
    domain = _ascii_domain(text) if len(text) <= _LONGEST else ""
    if not domain.startswith("[") and ("." not in domain or not domain[-1].isalpha()):
        raise InvalidValue(ProblemCode.INVALID_EMAIL)
    return unicodedata.normalize("NFC", text.rpartition("@")[0]) + "@" + domain.lower()


def _ascii_domain(text: str) -> str:
    """Returns the domain in ASCII; empty if the text is no address."""
    from chalicelib.schema.types.email_domains import find_ascii_domain  # noqa: PLC0415 -- 20 ms that few sources need

    return find_ascii_domain(text) or ""
