"""Asks the library email-validator about addresses that no simple pattern can judge: text goes in, its domain in ASCII
comes out.

A module of its own, imported with the first such address: the library compiles patterns for longer than a usual request
takes.
"""

from email_validator import SPECIAL_USE_DOMAIN_NAMES, EmailNotValidError, validate_email

# Test data is data, and offices do run mail under .local; the list is the library's own way to say so.
SPECIAL_USE_DOMAIN_NAMES[:] = [name for name in SPECIAL_USE_DOMAIN_NAMES if name not in ("test", "local")]


def find_ascii_domain(text: str) -> str | None:
    """Returns the domain of an address, None where the text is no address."""
    try:
        return validate_email(
            text,
            strict=True,
            check_deliverability=False,
            globally_deliverable=False,
            allow_quoted_local=True,
            allow_domain_literal=True,
        ).ascii_domain
    except EmailNotValidError:
        return None
