"""Tenants' records, their claims and their match keys."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from chalicelib.model.ids import RecordId, TenantId
from chalicelib.model.records import Record, Write, Written


@dataclass(frozen=True, slots=True)
class RecordPage:
    """A slice of a tenant's records, ordered by shard, then id: stable, but meaningless to people."""

    records: tuple[Record, ...]
    cursor: str | None
    """Opaque; None after the last page."""


class Records(Protocol):
    """Tenants' records, their claims and their match keys."""

    def shard_count(self, tenant_id: TenantId, resource: str) -> int:
        """Into how many shards the records of this resource are spread; 16 unless `prepare` said more."""

    def prepare(self, tenant_id: TenantId, resource: str, *, expected_rows: int) -> int:
        """Fixes the shard count with the first record: more for more rows; says what it is."""

    def find_claims(self, tenant_id: TenantId, resource: str, keys: Iterable[str]) -> dict[str, RecordId]:
        """Which record holds each identity key; keys nobody holds are left out. `id:…` keys look up live records.

        After a crash a claim may name a record that is not there or no longer carries the key: whoever matches by it
        looks at the record's own claims.
        """

    def find_matches(self, tenant_id: TenantId, resource: str, keys: Iterable[str]) -> dict[str, tuple[RecordId, ...]]:
        """Which records carry each match key, ordered by id; at most 100 of them."""

    def get_many(self, tenant_id: TenantId, resource: str, ids: Iterable[RecordId]) -> dict[RecordId, Record]:
        """Strongly consistent; tombstones included, absent ones left out."""

    def write_many(self, tenant_id: TenantId, resource: str, writes: Sequence[Write], *, now_ms: int) -> list[Written]:
        """Performs each write on its condition, claims first, then the record, then releases what it no longer holds.

        One `Written` per write, in their order. Repeating a write after a crash at any point ends in the same state.
        A claim whose holder is gone, or no longer carries it, is taken over once nobody can be about to write that
        holder, at the latest when it is older than any task can live. Until then: Retryable, with the rest performed.
        """

    def list_records(self, tenant_id: TenantId, resource: str, *, limit: int, cursor: str | None) -> RecordPage:
        """Tombstones left out. Raises Refused `invalid_cursor` for a cursor that is not of this listing."""

    def each_record(self, tenant_id: TenantId, resource: str, shard: int) -> Iterator[Record]:
        """All records of one shard (`shard_of`), lazily, page by page; tombstones included."""
