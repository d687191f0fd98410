"""Strongly consistent point reads of one partition of records: records by id, claims by key, live records by match
key."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from chalicelib.model.identity_keys import ids_by_key
from chalicelib.model.ids import RecordId
from chalicelib.model.records import Record
from chalicelib.stores.dynamodb.answers import Item
from chalicelib.stores.dynamodb.client import SELECTED_PARTITIONS, DynamoDBClient
from chalicelib.stores.dynamodb.record_items import Claim, RecordPartition, StoredRecord, from_item, to_key
from chalicelib.stores.paging import PagePosition

MATCHES_SHOWN = 100
"""How many records of one match key are looked at; one is enough to find a duplicate."""


class RecordReads:
    """The reads behind `DynamoDBRecords` and its writes."""

    def __init__(self, client: DynamoDBClient, partition: RecordPartition) -> None:
        self._client = client
        self._partition = partition

    def find_records(self, ids: Iterable[RecordId]) -> dict[RecordId, StoredRecord]:
        """Returns records by id, tombstones included and absent ones left out."""
        keys = [self._partition.record_key(one) for one in dict.fromkeys(ids)]
        stored = map(from_item, self._client.get_many(self._partition.table, keys))
        return {one.record.record_id: one for one in stored}

    def find_live_ids(self, ids: Iterable[RecordId]) -> set[RecordId]:
        """Returns which of the ids are those of live records."""
        keys = [self._partition.record_key(one) for one in dict.fromkeys(ids)]
        items = self._client.get_many(self._partition.table, keys, projection="sk, expires_at")
        return {RecordId(one["sk"]["S"]) for one in items if "expires_at" not in one}

    def find_claims(self, keys: Iterable[str]) -> dict[str, Claim]:
        """Returns claims by identity key; keys that are free are left out."""
        claim_keys = [to_key(self._partition.claim_pk(one)) for one in dict.fromkeys(keys)]
        claims = map(self._partition.to_claim, self._client.get_many(self._partition.table, claim_keys))
        return {one.key: one for one in claims}

    def find_matches(self, keys: Iterable[str]) -> dict[str, tuple[RecordId, ...]]:
        """Returns which records carry each match key."""
        return self.find_carriers([], [*dict.fromkeys(keys)])

    def find_carriers(self, identities: Sequence[str], matches: Sequence[str]) -> dict[str, tuple[RecordId, ...]]:
        """Returns which records carry each identity key, and each match key. A crash may leave claims and match keys
        astray, so each record found is asked whether it carries the key.
        """
        named = {key: [one] for key, one in ids_by_key(identities).items()}
        wanted = {self._partition.match_pk(key): key for key in matches}
        wanted |= {self._partition.claim_pk(key): key for key in identities if key not in named}
        pks = [*wanted]
        together = [pks[at : at + SELECTED_PARTITIONS] for at in range(0, len(pks), SELECTED_PARTITIONS)]
        found = self._client.spread(self._find_candidates, together)
        candidates = named | {wanted[pk]: ids for some in found for pk, ids in some.items()}
        stored = self.find_records(one for ids in candidates.values() for one in ids)
        carriers = {
            key: tuple(one for one in ids if one in stored and _carries(stored[one].record, key))
            for key, ids in candidates.items()
        }
        return {key: ids for key, ids in carriers.items() if ids}

    def each_page(self, position: PagePosition, *, page_size: int | None = None) -> Iterator[list[StoredRecord]]:
        """Yields the records of one shard behind a position, page by page and ordered by id; tombstones included."""
        condition, values = "pk = :pk", {":pk": {"S": self._partition.record_pk(position.shard)}}
        if position.after:
            condition, values = f"{condition} AND sk > :after", {**values, ":after": {"S": position.after}}
        request = {
            "TableName": self._partition.table,
            "KeyConditionExpression": condition,
            "ExpressionAttributeValues": values,
            "ConsistentRead": True,
            **({"Limit": page_size} if page_size else {}),
        }
        for items in self._client.each_page(request):
            yield list(map(from_item, items))

    def _find_candidates(self, pks: Sequence[str]) -> dict[str, list[RecordId]]:
        """The ids that claims and match keys hold, by partition. All are asked for at once; where they have more
        records than one answer holds, each by itself."""
        if len(pks) > 1:
            items, is_whole = self._client.select_partitions(self._partition.table, pks)
            if is_whole:
                found: dict[str, list[RecordId]] = defaultdict(list)
                for item in items:
                    found[item["pk"]["S"]].append(_record_id_of(item))
                return {pk: sorted(ids)[:MATCHES_SHOWN] for pk, ids in found.items()}
        return {pk: self._find_candidates_under(pk) for pk in pks}

    def _find_candidates_under(self, pk: str) -> list[RecordId]:
        request = {
            "TableName": self._partition.table,
            "KeyConditionExpression": "pk = :pk",
            "ExpressionAttributeValues": {":pk": {"S": pk}},
            "ConsistentRead": True,
            "Limit": MATCHES_SHOWN,
        }
        return [_record_id_of(one) for one in self._first_page(request)]

    def _first_page(self, request: dict[str, object]) -> list[Item]:
        return next(self._client.each_page(request), [])


def _record_id_of(item: Item) -> RecordId:
    """Of a claim, which holds it, or of a match key, which has it as its sort key."""
    return RecordId(item["record_id"]["S"] if "record_id" in item else item["sk"]["S"])


def _carries(record: Record, key: str) -> bool:
    return not record.is_deleted and (key in record.match_keys or key in record.identity_keys)
