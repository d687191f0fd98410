"""The tenants' records, their claims and their match keys."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from chalicelib.model.ids import RecordId, TenantId
from chalicelib.model.records import Record, Write, Written


@dataclass(frozen=True, slots=True)
class RecordPage:
    """A page of a tenant's records, ordered by shard and then by id: a stable order that means nothing to people."""

    records: tuple[Record, ...]
    cursor: str | None
    """Opaque; None after the last page."""
    passed: int = 0
    """How many tombstones were looked at on the way."""


class Records(Protocol):
    """Tenants' records, their claims and their match keys."""

    def shard_count(self, tenant_id: TenantId, resource: str) -> int:
        """Returns into how many shards the records of this resource are spread: 32, or as many as the store was made
        with, unless `prepare` fixed another number.
        """

    def prepare(self, tenant_id: TenantId, resource: str, *, expected_rows: int) -> int:
        """Fixes the number of shards before the first record is written, a greater one for more rows, and returns it.
        Once it is fixed it never changes.
        """

    def find_claims(
        self, tenant_id: TenantId, resource: str, keys: Iterable[str], *, may_lag: bool = False
    ) -> dict[str, RecordId]:
        """Returns which record holds each identity key; keys that no record holds are left out. `id:…` keys look up
        live records.

        After a crash a claim may name a record that is not there or no longer carries the key: callers that match by it
        check the record's own claims. With `may_lag` the claims may be those of a moment ago, which costs half: for
        callers whose writes find out.
        """

    def find_matches(self, tenant_id: TenantId, resource: str, keys: Iterable[str]) -> dict[str, tuple[RecordId, ...]]:
        """Returns which records carry each match key, ordered by id and at most 100 of them. Keys that no record
        carries are left out.
        """

    def find_carriers(
        self, tenant_id: TenantId, resource: str, *, identities: Iterable[str], matches: Iterable[str]
    ) -> dict[str, tuple[RecordId, ...]]:
        """Returns which live records carry each identity key, and each match key, ordered by id and at most 100 of
        them. Keys that no record carries are left out, also where a crash has left a claim astray.
        """

    def get_many(self, tenant_id: TenantId, resource: str, ids: Iterable[RecordId]) -> dict[RecordId, Record]:
        """Returns the records with these ids, tombstones included and absent ones left out. The read is strongly
        consistent.
        """

    def write_many(self, tenant_id: TenantId, resource: str, writes: Sequence[Write], *, now_ms: int) -> list[Written]:
        """Performs each write on its condition: claims first, then the record, then the release of what it no longer
        holds.

        Returns one `Written` per write, in their order. Repeating a write after a crash at any point ends in the same
        state. A claim whose holder is gone, or no longer carries it, is taken over once no task can be about to write
        that holder, at the latest when it is older than any task can live. Until then Retryable is raised, with the
        other writes performed.
        """

    def list_records(self, tenant_id: TenantId, resource: str, *, limit: int, cursor: str | None) -> RecordPage:
        """Returns a page of live records. Where very many tombstones lie between them, a page may hold fewer than
        `limit`, even none, and still have a cursor. Raises Refused `invalid_cursor` for a cursor that is not of this
        listing.
        """

    def each_record(self, tenant_id: TenantId, resource: str, shard: int, *, after: str = "") -> Iterator[Record]:
        """Yields the records of one shard (`shard_of`) whose ids come behind `after`, in the order of their ids,
        tombstones included, page by page.
        """
