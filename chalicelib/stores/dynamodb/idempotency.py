"""Idempotency records in a table of their own: one item for each tenant, endpoint and key, under the attribute `id`.

A record costs one conditional put; where the key is taken, the failed condition brings the item that stands there. Only
a request that takes over from a dead one puts twice. The table's TTL removes items some time after `expiration`, so
nothing here relies on it. Why not Powertools: docs/adr/0007-idempotency-records-in-a-store-of-our-own.md.
"""

from collections.abc import Mapping
from typing import Any

import orjson

from chalicelib.errors import Retryable
from chalicelib.model.idempotency import IdempotencyRecord, StoredResponse
from chalicelib.model.ids import TenantId
from chalicelib.stores.dynamodb.answers import ConditionFailed, Item
from chalicelib.stores.dynamodb.attributes import from_attributes, to_attributes
from chalicelib.stores.dynamodb.client import DynamoDBClient

ATTEMPTS = 4
"""How often another request may take over from a dead one just before us, until we give up."""

_UNUSED = "attribute_not_exists(id) OR expiration <= :now"
_AS_SEEN = "#token = :token"


class DynamoDBIdempotencyRecords:
    """Keeps the promises of `stores.interfaces.IdempotencyRecords`."""

    def __init__(self, client: DynamoDBClient, table: str) -> None:
        self._client = client
        self._table = table

    def acquire(self, tenant_id: TenantId, record: IdempotencyRecord, *, now: int) -> IdempotencyRecord:
        """Does what `IdempotencyRecords.acquire` promises."""
        condition, parameters = _UNUSED, {":now": {"N": str(now)}}
        for _ in range(ATTEMPTS):
            found = self._put(tenant_id, record, condition, parameters)
            if found is None or found.token == record.token:
                return found or record
            record = record.holder(found, now)
            if record is found:
                return found
            condition, parameters = _AS_SEEN, _token_of(found)
        raise Retryable(f"{ATTEMPTS} others have acquired the idempotency record {record.name}")

    def complete(self, tenant_id: TenantId, record: IdempotencyRecord, response: StoredResponse) -> bool:
        """Does what `IdempotencyRecords.complete` promises."""
        values = {f":{name}": value for name, value in _from_response(response).items()}
        return self._change(
            "UpdateItem",
            Key=_key_of(tenant_id, record),
            UpdateExpression="SET " + ", ".join(f"#{name[1:]} = {name}" for name in values),
            ConditionExpression=_AS_SEEN,
            ExpressionAttributeNames={"#token": "token"} | {f"#{name[1:]}": name[1:] for name in values},
            ExpressionAttributeValues=_token_of(record) | values,
        )

    def release(self, tenant_id: TenantId, record: IdempotencyRecord) -> bool:
        """Does what `IdempotencyRecords.release` promises."""
        return self._change(
            "DeleteItem",
            Key=_key_of(tenant_id, record),
            ConditionExpression=_AS_SEEN,
            ExpressionAttributeNames={"#token": "token"},
            ExpressionAttributeValues=_token_of(record),
        )

    def _put(
        self, tenant_id: TenantId, record: IdempotencyRecord, condition: str, parameters: Mapping[str, Any]
    ) -> IdempotencyRecord | None:
        """Returns None where it was put; otherwise the record that stands there. It has our own token where an earlier
        call put it and only the answer of DynamoDB was lost.
        """
        names = {"ExpressionAttributeNames": {"#token": "token"}} if condition is _AS_SEEN else {}
        try:
            self._call(
                "PutItem",
                Item=_key_of(tenant_id, record) | to_attributes(_to_item(record)),
                ConditionExpression=condition,
                ExpressionAttributeValues=dict(parameters),
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
                **names,
            )
        except ConditionFailed as failed:
            return _from_unmet(failed, record.name)
        return None

    def _change(self, operation: str, **request: Any) -> bool:
        try:
            self._call(operation, **request)
        except ConditionFailed:
            return False
        return True

    def _call(self, operation: str, **request: Any) -> None:
        self._client.call(operation, {"TableName": self._table, **request})


def _key_of(tenant_id: TenantId, record: IdempotencyRecord) -> dict[str, Any]:
    return {"id": {"S": f"{tenant_id}#{record.name}"}}


def _token_of(record: IdempotencyRecord) -> dict[str, Any]:
    return {":token": {"S": record.token}}


def _to_item(record: IdempotencyRecord) -> dict[str, Any]:
    return {
        "fingerprint": record.fingerprint,
        "token": record.token,
        "seed": record.seed,
        "lease_ends_at": record.lease_ends_at,
        "expiration": record.expires_at,
    }


def _from_response(response: StoredResponse) -> dict[str, Any]:
    """The body is bytes beside the rest: as JSON in JSON it might grow beyond what an item holds."""
    rest = {
        "status": response.status,
        "headers": dict(response.headers),
        "file_key": response.file_key,
        "filename": response.filename,
    }
    return to_attributes({"response": rest, "body": response.content})


def _from_unmet(failed: ConditionFailed, name: str) -> IdempotencyRecord:
    if failed.item is None:  # released in between
        raise Retryable("the idempotency record that stood here is gone")
    return _from_item(failed.item, name)


def _from_item(attributes: Item, name: str) -> IdempotencyRecord:
    item = from_attributes(attributes)
    return IdempotencyRecord(
        name=name,
        fingerprint=item["fingerprint"],
        token=item["token"],
        seed=item["seed"],
        lease_ends_at=item["lease_ends_at"],
        expires_at=item["expiration"],
        response=_to_response(item),
    )


def _to_response(item: Mapping[str, Any]) -> StoredResponse | None:
    if "response" not in item:
        return None
    return StoredResponse(**orjson.loads(item["response"]), content=item.get("body"))
