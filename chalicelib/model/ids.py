"""Identifiers with their own types, and how they are made.

Ids made for requests are random. Ids of records made by an import are derived from the import and the row, so that a
retry makes the same record again instead of a second one. An id is 130 bits as 26 characters of five bits each, in
lower-case base32.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from typing import NewType, cast
from uuid import UUID, uuid5

TenantId = NewType("TenantId", str)
"""What separates customers: a team, organisation or account, as a UUID."""

ImportId = NewType("ImportId", str)
"""`imp_` and 26 letters: random, or derived from a dropped file's bucket, key and version."""

ExportId = NewType("ExportId", str)
"""`exp_` and 26 letters: random, or derived from whatever makes the export the only one of its kind."""

ScheduleId = NewType("ScheduleId", str)
"""`sch_` and 26 letters, random."""

RecordId = NewType("RecordId", str)
"""The resource's prefix, `_`, and 26 letters; or the id a customer gave."""


@dataclass(frozen=True, slots=True)
class CopiedProfile:
    """The profile that an import was created with, as it was then."""

    profile_id: str
    version: int


NewId = Callable[[str], str]
"""Makes a new random id with a prefix; passed in, so that tests can count."""

_SEPARATOR = "\x1f"

_ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"
_DIGEST_BYTES = 17
_UNUSED_BITS = 6
"""Bits of a digest that are left over from 26 times five."""

_CHARACTERS = 26
_LANE_BYTES = 32
_LANES = 1_000
"""Digests encoded together at most: their number and its masks fit into a processor's cache."""
_TO_ALPHABET = (_ALPHABET * 8).encode()

_PAIRS = [first + second for first in _ALPHABET for second in _ALPHABET]
"""Ten bits each; `base64.b32encode` takes three times as long."""
_SHIFTS = range(120, -1, -10)


def derived_id(prefix: str, *parts: object) -> str:
    """Returns an id made from the parts, 130 bits of their BLAKE2b digest: the same parts give the same id."""
    digest = blake2b(_SEPARATOR.join(map(str, parts)).encode(), digest_size=_DIGEST_BYTES).digest()
    bits = int.from_bytes(digest) >> _UNUSED_BITS
    return f"{prefix}_" + "".join([_PAIRS[bits >> shift & 0x3FF] for shift in _SHIFTS])


def derived_ids(prefix: str, first: str, numbers: Iterable[int]) -> list[RecordId]:
    """Returns `derived_id(prefix, first, number)` for each number, at a quarter of the cost: the common part is hashed
    once, and all digests are encoded together."""
    start, head = blake2b(f"{first}{_SEPARATOR}".encode(), digest_size=_DIGEST_BYTES), f"{prefix}_"
    digests: list[bytes] = []
    for number in numbers:
        hashing = start.copy()
        hashing.update(b"%d" % number)
        digests.append(hashing.digest())
    return cast(list[RecordId], [head + text for text in base32_of(digests)])


_TEST_DATA = UUID("7b0f3c66-5d0e-5f0b-9a35-2b1c1f6a9e04")
"""The name space of sibling tenants; with another one all test data would be lost."""


def sibling_of(tenant_id: TenantId) -> TenantId:
    """Returns the tenant that holds the test data of this one, invisible from it."""
    return TenantId(str(uuid5(_TEST_DATA, tenant_id)))


def base32_of(digests: Sequence[bytes]) -> list[str]:
    """Returns for each digest its first 130 bits as 26 characters, many digests at once.

    Looking characters up costs more than making the digest. So many digests are laid side by side in one number, each
    in a lane of 32 bytes, and the same few shifts move the five-bit groups of all lanes apart: one group to a byte,
    which `bytes.translate` turns into characters.
    """
    return [text for at in range(0, len(digests), _LANES) for text in _each_in_base32(digests[at : at + _LANES])]


def _each_in_base32(digests: Sequence[bytes]) -> Iterator[str]:
    pad = bytes(_LANE_BYTES - _DIGEST_BYTES)
    lanes = int.from_bytes(pad + pad.join(digests)) >> _UNUSED_BITS
    used, moves = _masks(len(digests))
    lanes &= used
    for mask, shift in moves:
        moving = lanes & mask
        lanes ^= moving ^ moving << shift
    text = lanes.to_bytes(_LANE_BYTES * len(digests)).translate(_TO_ALPHABET).decode()
    return (text[end - _CHARACTERS : end] for end in range(_LANE_BYTES, len(text) + 1, _LANE_BYTES))


@lru_cache(maxsize=2)
def _masks(lanes: int) -> tuple[int, list[tuple[int, int]]]:
    """The bits of all lanes that are used; and for each move, which bits are moved and how far up. Group number n,
    counted from the lowest, has to go up by 3 × n bits: by 3 × 16, 3 × 8, … where n has that bit."""
    moves = []
    for step in (16, 8, 4, 2, 1):
        moving = [n for n in range(_CHARACTERS) if n & step]
        here = (5 * n + 3 * (n & -2 * step) for n in moving)
        moves.append((_in_each(lanes, sum(0b11111 << bit for bit in here)), 3 * step))
    return _in_each(lanes, (1 << 5 * _CHARACTERS) - 1), moves


def _in_each(lanes: int, bits: int) -> int:
    return int.from_bytes(bits.to_bytes(_LANE_BYTES) * lanes)
