"""Webhooks in the control table, as `stores.interfaces.webhooks` promises.

| item | pk | sk | beside |
|---|---|---|---|
| webhook | WEBHOOKS#tenant | webhook id | the fields of `Webhook`, and below them the state of its queue |
| their number | COUNT#tenant | webhooks | used |

The state of its queue: `look_at` is when a round has to look at it; by that time the webhook stands in the index
`lists` under LOOK#partition. `held_until` is there while a round holds it, and then `look_at` is the same time, so that
a round that died is followed by another. `woken_at` is the time for which it was woken last, `is_woken` that this
happened while it was held. Each write has the condition that none of them has changed since they were read. Secrets are
kept as they are, for they must sign; the table is encrypted at rest.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from functools import cache
from heapq import merge
from zlib import crc32

from pydantic import TypeAdapter

from chalicelib.errors import Retryable
from chalicelib.model.ids import TenantId
from chalicelib.model.webhooks import Endpoint, Webhook, WebhookId
from chalicelib.stores.dynamodb.attributes import ItemValues
from chalicelib.stores.dynamodb.control_table import ControlTable
from chalicelib.stores.dynamodb.item_changes import Counter
from chalicelib.stores.dynamodb.webhook_items import fields_of, is_as_seen, padded
from chalicelib.stores.interfaces import Counted, HeldEndpoint

PARTITIONS = 4
"""More of them take more writes a second; every look reads them all."""
PAGE = 100
"""Endpoints that are read of a partition at a time."""
RACES = 10
"""So often a write is tried again because others were faster."""

_HEALTH = ("failures", "failing_since", "retry_at")
_QUEUE = ("look_at", "held_until", "is_woken", "woken_at")
_JSON = ("events", "auth_header")


class DynamoDBWebhooks:
    """Keeps the promises of `stores.interfaces.Webhooks`."""

    def __init__(self, table: ControlTable) -> None:
        self._table = table

    def add(self, webhook: Webhook, *, limit: int) -> Counted:
        """Does what `Webhooks.add` promises."""
        keys = {"pk": _pk(webhook.tenant_id), "sk": webhook.webhook_id}
        counter = _counter(webhook.tenant_id, limit)
        return self._table.put_counted(
            {**asdict(webhook), **keys}, condition="attribute_not_exists(#pk)", counter=counter
        )

    def find(self, tenant_id: TenantId, webhook_id: WebhookId) -> Webhook | None:
        """Does what `Webhooks.find` promises."""
        item = self._table.find(_pk(tenant_id), webhook_id)
        return _to_webhook(item) if item else None

    def list_webhooks(self, tenant_id: TenantId) -> list[Webhook]:
        """Does what `Webhooks.list_webhooks` promises."""
        found = map(_to_webhook, self._table.each_of(_pk(tenant_id)))
        return sorted(found, key=lambda one: (one.created_at, one.webhook_id))

    def change(self, tenant_id: TenantId, webhook_id: WebhookId, values: Mapping[str, object]) -> Webhook | None:
        """Does what `Webhooks.change` promises."""
        item = self._set(Endpoint(tenant_id, webhook_id), values, {})
        return _to_webhook(item) if item else None

    def change_health(self, seen: Webhook, values: Mapping[str, object]) -> Webhook | None:
        """Does what `Webhooks.change_health` promises."""
        item = self._set(seen.endpoint, values, {name: getattr(seen, name) for name in _HEALTH})
        return _to_webhook(item) if item else None

    def delete(self, tenant_id: TenantId, webhook_id: WebhookId) -> bool:
        """Does what `Webhooks.delete` promises."""
        return self._table.remove_counted(_pk(tenant_id), webhook_id, counter=_counter(tenant_id))

    def wake(self, tenant_id: TenantId, webhook_ids: Iterable[WebhookId], at: int) -> None:
        """Does what `Webhooks.wake` promises."""
        wanted = frozenset(webhook_ids)
        for item in self._table.each_of(_pk(tenant_id)):
            if item["sk"] in wanted:
                self._wake(Endpoint(tenant_id, WebhookId(item["sk"])), item, at)

    def each_due(self, now: int, *, newest_first: bool = False) -> Iterator[Endpoint]:
        """Does what `Webhooks.each_due` promises."""
        lists = [
            self._table.each_listed_before(f"LOOK#{number}", padded(now + 1), page=PAGE, latest_first=newest_first)
            for number in range(PARTITIONS)
        ]
        for keys in merge(*lists, key=lambda one: str(one["list_sk"]), reverse=newest_first):
            yield Endpoint(TenantId(keys["pk"].partition("#")[2]), WebhookId(keys["sk"]))

    def take(self, endpoint: Endpoint, *, now: int, until: int) -> HeldEndpoint | None:
        """Does what `Webhooks.take` promises."""
        values = {"held_until": until, "is_woken": None, **_look(endpoint, until)}
        free = "(attribute_not_exists(#held_until) OR #held_until <= :now)"
        item = self._table.set(
            _pk(endpoint.tenant_id),
            values,
            sk=endpoint.webhook_id,
            condition=f"#look_at <= :now AND {free}",
            parameters={"now": now},
        )
        return HeldEndpoint(_to_webhook(item), until, item.get("woken_at")) if item else None

    def let_go(self, held: HeldEndpoint, *, look_at: int) -> int | None:
        """Does what `Webhooks.let_go` promises."""
        endpoint = held.webhook.endpoint
        for _ in range(RACES):
            item = self._table.find(_pk(endpoint.tenant_id), endpoint.webhook_id)
            if item is None or item.get("held_until") != held.until:
                return None
            at: int = max(_soonest(item, look_at), item.get("retry_at", 0))
            values = {"held_until": None, "is_woken": None, **_look(endpoint, at)}
            if self._set(endpoint, values, _state(item)):
                return at
        raise Retryable(f"webhook {endpoint.webhook_id} changes all the time")

    def _wake(self, endpoint: Endpoint, item: ItemValues | None, at: int) -> None:
        """What is stored already will be looked at by whoever takes the endpoint from now on; a round that holds it may
        have looked before."""
        for _ in range(RACES):
            if item is None:
                return
            look_at = max(at, item.get("retry_at", 0))
            if _is_awake(item, at, look_at):
                return
            values = {"is_woken": True} if "held_until" in item else _look(endpoint, look_at)
            if self._set(endpoint, {"woken_at": at, **values}, _state(item)):
                return
            item = self._table.find(_pk(endpoint.tenant_id), endpoint.webhook_id)
        raise Retryable(f"webhook {endpoint.webhook_id} changes all the time")

    def _set(self, endpoint: Endpoint, values: Mapping[str, object], seen: Mapping[str, object]) -> ItemValues | None:
        """Changes attributes of a webhook that is there, if these are still what was seen."""
        conditions, parameters = ["#webhook_id = :meant"], {"meant": endpoint.webhook_id}
        for name, value in seen.items():
            condition, given = is_as_seen(name, value)
            conditions.append(condition)
            parameters |= given
        return self._table.set(
            _pk(endpoint.tenant_id),
            values,
            sk=endpoint.webhook_id,
            condition=" AND ".join(conditions),
            parameters=parameters,
        )


def _state(item: ItemValues) -> ItemValues:
    return {name: item.get(name) for name in (*_QUEUE, "retry_at")}


def _is_awake(item: ItemValues, at: int, look_at: int) -> bool:
    if "held_until" in item:
        return bool(item.get("is_woken")) and item["woken_at"] <= at
    return "look_at" in item and item["look_at"] <= look_at


def _soonest(item: ItemValues, look_at: int) -> int:
    return min(look_at, item["woken_at"]) if item.get("is_woken") else look_at


def _look(endpoint: Endpoint, at: int) -> ItemValues:
    partition = crc32(endpoint.webhook_id.encode()) % PARTITIONS
    sk = f"{padded(at)}#{endpoint.tenant_id}#{endpoint.webhook_id}"
    return {"look_at": at, "list_pk": f"LOOK#{partition}", "list_sk": sk}


def _pk(tenant_id: TenantId) -> str:
    return f"WEBHOOKS#{tenant_id}"


def _counter(tenant_id: TenantId, limit: int | None = None) -> Counter:
    return Counter(pk=f"COUNT#{tenant_id}", sk="webhooks", limit=limit)


def _to_webhook(item: ItemValues) -> Webhook:
    return _adapter().validate_python(fields_of(item, Webhook, kept_as_json=_JSON))


@cache
def _adapter() -> TypeAdapter[Webhook]:
    return TypeAdapter(Webhook)
