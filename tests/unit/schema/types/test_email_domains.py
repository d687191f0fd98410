"""What the library says of addresses that no simple pattern can judge."""

import pytest
from email_validator import SPECIAL_USE_DOMAIN_NAMES

from chalicelib.schema.types.email_domains import find_ascii_domain
from chalicelib.schema.types.emails import RESERVED


def test_the_reserved_names_are_those_of_the_library_but_two() -> None:
    assert {f".{name}" for name in SPECIAL_USE_DOMAIN_NAMES} - {".test", ".local"} == set(RESERVED)


@pytest.mark.parametrize(
    ("address", "domain"),
    [
        ("jane@bücher.example.com", "xn--bcher-kva.example.com"),
        ("jane@printer.local", "printer.local"),
        ("jane@[127.0.0.1]", "[127.0.0.1]"),
        ("jane@x.invalid", None),
        ("jane", None),
    ],
)
def test_an_address_has_a_domain_in_ascii(address: str, domain: str | None) -> None:
    assert find_ascii_domain(address) == domain
