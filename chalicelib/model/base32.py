"""Digests as lower-case base32, many at once.

130 bits are 26 characters of five bits each. To look them up costs more than to make the digest, so many digests are
laid side by side in one number, each in a lane of 32 bytes, and the same few shifts move the fives of all lanes apart:
five bits to a byte, which `bytes.translate` turns into characters. `ids.derived_id` is the plain way for one.
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache

ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"
DIGEST_BYTES = 17
UNUSED_BITS = 6
"""Of a digest; the others are 26 times five."""

_CHARACTERS = 26
_LANE_BYTES = 32
_LANES = 1_000
"""So many at once at most: their number and its masks fit into a processor's cache."""
_TO_ALPHABET = (ALPHABET * 8).encode()


def spelled(digests: Sequence[bytes]) -> list[str]:
    """Of each digest its first 130 bits, as 26 characters."""
    return [text for at in range(0, len(digests), _LANES) for text in _each_spelled(digests[at : at + _LANES])]


def _each_spelled(digests: Sequence[bytes]) -> Iterator[str]:
    pad = bytes(_LANE_BYTES - DIGEST_BYTES)
    lanes = int.from_bytes(pad + pad.join(digests)) >> UNUSED_BITS
    used, moves = _masks(len(digests))
    lanes &= used
    for mask, shift in moves:
        moving = lanes & mask
        lanes ^= moving ^ moving << shift
    text = lanes.to_bytes(_LANE_BYTES * len(digests)).translate(_TO_ALPHABET).decode()
    return (text[end - _CHARACTERS : end] for end in range(_LANE_BYTES, len(text) + 1, _LANE_BYTES))


@lru_cache(maxsize=2)
def _masks(lanes: int) -> tuple[int, list[tuple[int, int]]]:
    """The bits of all lanes that are used; and which of them are moved, how far up, move by move. The five with number
    n, counted from the lowest, has to go up by 3 × n bits: by 3 × 16, 3 × 8, … where n has that bit."""
    moves = []
    for step in (16, 8, 4, 2, 1):
        moving = [n for n in range(_CHARACTERS) if n & step]
        here = (5 * n + 3 * (n & -2 * step) for n in moving)
        moves.append((_in_each(lanes, sum(0b11111 << bit for bit in here)), 3 * step))
    return _in_each(lanes, (1 << 5 * _CHARACTERS) - 1), moves


def _in_each(lanes: int, bits: int) -> int:
    return int.from_bytes(bits.to_bytes(_LANE_BYTES) * lanes)
