"""Identifiers with their own types, and how they are made.

Ids made for requests are random; ids of records made by an import are derived from the import and the row, so that
a retry makes the same record again instead of a second one.
"""

from collections.abc import Callable
from hashlib import blake2b
from typing import NewType
from uuid import UUID, uuid5

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


_BASE32 = "abcdefghijklmnopqrstuvwxyz234567"
_PAIRS = [first + second for first in _BASE32 for second in _BASE32]
"""Ten bits each. `base64.b32encode` takes three times as long, and this is done for every row that makes a record."""
_SHIFTS = range(120, -1, -10)


def derived_id(prefix: str, *parts: object) -> str:
    """The same parts give the same id: 130 bits of BLAKE2b, base32, lower case."""
    digest = blake2b("\x1f".join(map(str, parts)).encode(), digest_size=17).digest()
    bits = int.from_bytes(digest) >> 6
    return f"{prefix}_" + "".join([_PAIRS[bits >> shift & 0x3FF] for shift in _SHIFTS])


_TEST_DATA = UUID("7b0f3c66-5d0e-5f0b-9a35-2b1c1f6a9e04")
"""The name space of sibling tenants; another one would orphan all test data."""


def sibling_of(tenant_id: TenantId) -> TenantId:
    """The tenant that holds the test data of this one, invisible from it."""
    return TenantId(str(uuid5(_TEST_DATA, tenant_id)))
