"""Identifiers with their own types, and how they are made.

Ids made for requests are random; ids of records made by an import are derived from the import and the row, so that
a retry makes the same record again instead of a second one.
"""

from collections.abc import Callable, Iterable
from hashlib import blake2b
from typing import NewType, cast
from uuid import UUID, uuid5

from chalicelib.model.base32 import ALPHABET, DIGEST_BYTES, UNUSED_BITS, spelled

TenantId = NewType("TenantId", str)
"""The wall between customers: a team, organisation or account, as a UUID."""

ImportId = NewType("ImportId", str)
"""`imp_` and 26 letters: random, or derived from a dropped file's bucket, key and version."""

ExportId = NewType("ExportId", str)
"""`exp_` and 26 letters: random, or derived from whatever makes the export the only one of its kind."""

ScheduleId = NewType("ScheduleId", str)
"""`sch_` and 26 letters, random."""

RecordId = NewType("RecordId", str)
"""The resource's prefix, `_`, and 26 letters; or the id a customer gave."""

NewId = Callable[[str], str]
"""Makes a fresh random id for a prefix; passed in, so that tests can count."""

_SEPARATOR = "\x1f"

_PAIRS = [first + second for first in ALPHABET for second in ALPHABET]
"""Ten bits each: `base64.b32encode` takes three times as long."""
_SHIFTS = range(120, -1, -10)


def derived_id(prefix: str, *parts: object) -> str:
    """The same parts give the same id: 130 bits of BLAKE2b, base32, lower case."""
    digest = blake2b(_SEPARATOR.join(map(str, parts)).encode(), digest_size=DIGEST_BYTES).digest()
    bits = int.from_bytes(digest) >> UNUSED_BITS
    return f"{prefix}_" + "".join([_PAIRS[bits >> shift & 0x3FF] for shift in _SHIFTS])


def derived_ids(prefix: str, first: str, numbers: Iterable[int]) -> list[RecordId]:
    """`derived_id(prefix, first, number)` for each number, at a quarter of the cost: the part in common is hashed once,
    and all are spelled together."""
    start, head = blake2b(f"{first}{_SEPARATOR}".encode(), digest_size=DIGEST_BYTES), f"{prefix}_"
    digests: list[bytes] = []
    for number in numbers:
        hashing = start.copy()
        hashing.update(b"%d" % number)
        digests.append(hashing.digest())
    return cast(list[RecordId], [head + text for text in spelled(digests)])


_TEST_DATA = UUID("7b0f3c66-5d0e-5f0b-9a35-2b1c1f6a9e04")
"""The name space of sibling tenants; another one would orphan all test data."""


def sibling_of(tenant_id: TenantId) -> TenantId:
    """The tenant that holds the test data of this one, invisible from it."""
    return TenantId(str(uuid5(_TEST_DATA, tenant_id)))
