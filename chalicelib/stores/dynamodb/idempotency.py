"""Turns in a table of their own: one item for each tenant, endpoint and idempotency key, under the attribute `id`.

A turn costs one conditional put; where the key is taken, the failed condition brings the item that stands there. Only
what follows a turn that broke off puts twice. The table's TTL removes items some time after `expiration`, so nothing
here relies on it. Why not Powertools: docs/adr/0007-idempotency-records-in-a-store-of-our-own.md.
"""

from collections.abc import Mapping
from typing import Any

import orjson

from chalicelib.errors import Retryable
from chalicelib.model.idempotency import IdempotencyRecord, StoredResponse
from chalicelib.model.ids import TenantId
from chalicelib.stores.dynamodb.client import ConditionFailed, DynamoDBClient, Item
from chalicelib.stores.dynamodb.control_table import from_attributes, to_attributes

ATTEMPTS = 4
"""So often a turn that broke off is followed by somebody else just before us; then the next one may try."""

_UNUSED = "attribute_not_exists(id) OR expiration <= :now"
_AS_SEEN = "#token = :token"


class DynamoDBIdempotencyRecords:
    """Keeps `stores.interfaces.Turns`."""

    def __init__(self, client: DynamoDBClient, table: str) -> None:
        self._client = client
        self._table = table

    def begin(self, tenant_id: TenantId, turn: IdempotencyRecord, *, now: int) -> IdempotencyRecord:
        condition, parameters = _UNUSED, {":now": {"N": str(now)}}
        for _ in range(ATTEMPTS):
            found = self._put(tenant_id, turn, condition, parameters)
            if found is None or found.token == turn.token:
                return found or turn
            turn = turn.following(found, now)
            if turn is found:
                return found
            condition, parameters = _AS_SEEN, _token_of(found)
        raise Retryable(f"{ATTEMPTS} others have followed the turn {turn.name}")

    def keep(self, tenant_id: TenantId, turn: IdempotencyRecord, answer: StoredResponse) -> bool:
        values = {f":{name}": value for name, value in _from_answer(answer).items()}
        return self._change(
            "UpdateItem",
            Key=_key_of(tenant_id, turn),
            UpdateExpression="SET " + ", ".join(f"#{name[1:]} = {name}" for name in values),
            ConditionExpression=_AS_SEEN,
            ExpressionAttributeNames={"#token": "token"} | {f"#{name[1:]}": name[1:] for name in values},
            ExpressionAttributeValues=_token_of(turn) | values,
        )

    def free(self, tenant_id: TenantId, turn: IdempotencyRecord) -> bool:
        return self._change(
            "DeleteItem",
            Key=_key_of(tenant_id, turn),
            ConditionExpression=_AS_SEEN,
            ExpressionAttributeNames={"#token": "token"},
            ExpressionAttributeValues=_token_of(turn),
        )

    def _put(
        self, tenant_id: TenantId, turn: IdempotencyRecord, condition: str, parameters: Mapping[str, Any]
    ) -> IdempotencyRecord | None:
        """None where it was put; otherwise the turn that stands there. The condition held once for a call whose answer
        was lost: then what stands there has the turn's own token.
        """
        names = {"ExpressionAttributeNames": {"#token": "token"}} if condition is _AS_SEEN else {}
        try:
            self._call(
                "PutItem",
                Item=_key_of(tenant_id, turn) | to_attributes(_to_item(turn)),
                ConditionExpression=condition,
                ExpressionAttributeValues=dict(parameters),
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
                **names,
            )
        except ConditionFailed as failed:
            return _from_unmet(failed, turn.name)
        return None

    def _change(self, operation: str, **request: Any) -> bool:
        try:
            self._call(operation, **request)
        except ConditionFailed:
            return False
        return True

    def _call(self, operation: str, **request: Any) -> None:
        self._client.call(operation, {"TableName": self._table, **request})


def _key_of(tenant_id: TenantId, turn: IdempotencyRecord) -> dict[str, Any]:
    return {"id": {"S": f"{tenant_id}#{turn.name}"}}


def _token_of(turn: IdempotencyRecord) -> dict[str, Any]:
    return {":token": {"S": turn.token}}


def _to_item(turn: IdempotencyRecord) -> dict[str, Any]:
    return {
        "fingerprint": turn.fingerprint,
        "token": turn.token,
        "seed": turn.seed,
        "ends_at": turn.ends_at,
        "expiration": turn.kept_until,
    }


def _from_answer(answer: StoredResponse) -> dict[str, Any]:
    """The body is bytes beside the rest: as JSON in JSON it might grow beyond what an item holds."""
    rest = {
        "status": answer.status,
        "headers": dict(answer.headers),
        "file_key": answer.file_key,
        "filename": answer.filename,
    }
    return to_attributes({"answer": rest, "body": answer.content})


def _from_unmet(failed: ConditionFailed, name: str) -> IdempotencyRecord:
    if failed.item is None:  # freed in between
        raise Retryable("the turn that stood here is gone")
    return _from_item(failed.item, name)


def _from_item(attributes: Item, name: str) -> IdempotencyRecord:
    item = from_attributes(attributes)
    return IdempotencyRecord(
        name=name,
        fingerprint=item["fingerprint"],
        token=item["token"],
        seed=item["seed"],
        ends_at=item["ends_at"],
        kept_until=item["expiration"],
        answer=_to_answer(item),
    )


def _to_answer(item: Mapping[str, Any]) -> StoredResponse | None:
    if "answer" not in item:
        return None
    return StoredResponse(**orjson.loads(item["answer"]), content=item.get("body"))
