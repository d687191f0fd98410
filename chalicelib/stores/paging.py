"""How records are spread over shards and how a listing is continued; the same for every store.

Comes in: a record's id, or where a page ended. Goes out: its shard, or an opaque cursor, which is good for one tenant's
listing of one resource.
"""

from collections.abc import Callable
from dataclasses import dataclass

from chalicelib.model import cursors
from chalicelib.model.ids import TenantId

SHARDS_AT_LEAST = 32
"""Unless the stack says otherwise. One DynamoDB partition takes 1,000 write units a second, so that this many carry
32,000 records a second, as soon as the table does."""
SHARDS_AT_MOST = 256
ROWS_PER_SHARD = 50_000
"""How many records fit into the time of a cleanup task, which reads one shard."""

Clock = Callable[[], float]
"""Epoch seconds."""


def time_key(epoch_s: int, now: float | None = None) -> str:
    """Returns a text that sorts as times do. What is made within one second sorts by `now`, when it is stored."""
    since_s = 0.0 if now is None else min(max(now - epoch_s, 0.0), 0.999_999)
    return f"{max(epoch_s, 0):012d}.{int(since_s * 1_000_000):06d}"


def shards_for(expected_rows: int, at_least: int = SHARDS_AT_LEAST) -> int:
    """Returns how many shards that number of rows needs: a power of two, or one of the bounds."""
    wanted = max(1, -(-expected_rows // ROWS_PER_SHARD))
    return min(SHARDS_AT_MOST, max(at_least, 1 << (wanted - 1).bit_length()))


@dataclass(frozen=True, slots=True)
class PagePosition:
    """Where a listing goes on: in this shard, behind this id."""

    shard: int = 0
    after: str = ""


def to_cursor(tenant_id: TenantId, resource: str, position: PagePosition) -> str:
    """Returns the cursor that continues this listing at the position."""
    return cursors.to_cursor([tenant_id, resource], [position.shard, position.after])


def from_cursor(tenant_id: TenantId, resource: str, cursor: str | None) -> PagePosition:
    """Returns the position that a cursor means; None means the beginning. Raises Refused `invalid_cursor` for anything
    that `to_cursor` did not make for this listing.
    """
    if cursor is None:
        return PagePosition()
    place = cursors.from_cursor([tenant_id, resource], cursor)
    if len(place) != 2 or not _is_position(*place):
        raise cursors.invalid_cursor(cursor)
    return PagePosition(*place)


def _is_position(shard: object, after: object) -> bool:
    return type(shard) is int and 0 <= shard < SHARDS_AT_MOST and isinstance(after, str)
