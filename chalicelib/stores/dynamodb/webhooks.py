"""Webhooks and their deliveries in the control table, as `stores.interfaces.webhooks` promises.

| item | pk | sk | beside |
|---|---|---|---|
| webhook | WEBHOOKS#tenant | webhook id | the fields of `Webhook` |
| their number | COUNT#tenant | webhooks | used |
| delivery | DELIVERIES#tenant#webhook | delivery id | the fields of `Delivery` |

While a delivery has a `next_try_at` it stands in the index `lists` under DUE#partition, by that time: it moves there in
the same write that changes it. Secrets are kept as they are, for they must sign; the table is encrypted at rest.
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, fields
from functools import cache
from heapq import merge
from itertools import islice
from typing import Any
from zlib import crc32

import orjson
from pydantic import TypeAdapter

from chalicelib.model.ids import TenantId
from chalicelib.model.webhooks import Delivery, DeliveryId, Webhook, WebhookId
from chalicelib.stores.dynamodb.control_table import ControlTable, Counter, ItemValues
from chalicelib.stores.interfaces import Counted, DeliveryPage

SHARDS = 4
KEPT_S = 30 * 24 * 3600
"""So long deliveries can be looked up."""

_WEBHOOK_JSON = ("events", "auth_header")
_DELIVERY_JSON = ("tries",)


class DynamoDBWebhooks:
    """Keeps the promises of `stores.interfaces.Webhooks`."""

    def __init__(self, table: ControlTable) -> None:
        self._table = table

    def add(self, webhook: Webhook, *, limit: int) -> Counted:
        """Does what `Webhooks.add` promises."""
        keys = {"pk": _webhooks_pk(webhook.tenant_id), "sk": webhook.webhook_id}
        counter = _counter(webhook.tenant_id, limit)
        return self._table.put_counted(
            {**asdict(webhook), **keys}, condition="attribute_not_exists(#pk)", counter=counter
        )

    def find(self, tenant_id: TenantId, webhook_id: WebhookId) -> Webhook | None:
        """Does what `Webhooks.find` promises."""
        return _to_webhook(self._table.find(_webhooks_pk(tenant_id), webhook_id))

    def list_webhooks(self, tenant_id: TenantId) -> list[Webhook]:
        """Does what `Webhooks.list_webhooks` promises."""
        found = map(_to_webhook, self._table.each_of(_webhooks_pk(tenant_id)))
        return sorted((one for one in found if one), key=lambda one: (one.created_at, one.webhook_id))

    def change(self, tenant_id: TenantId, webhook_id: WebhookId, values: Mapping[str, object]) -> Webhook | None:
        """Does what `Webhooks.change` promises."""
        changed = self._table.set(
            _webhooks_pk(tenant_id),
            values,
            sk=webhook_id,
            condition="#webhook_id = :meant",
            parameters={"meant": webhook_id},
        )
        return _to_webhook(changed)

    def delete(self, tenant_id: TenantId, webhook_id: WebhookId) -> bool:
        """Does what `Webhooks.delete` promises."""
        return self._table.remove_counted(_webhooks_pk(tenant_id), webhook_id, counter=_counter(tenant_id))


class DynamoDBDeliveries:
    """Keeps the promises of `stores.interfaces.Deliveries`."""

    def __init__(self, table: ControlTable) -> None:
        self._table = table

    def add(self, delivery: Delivery) -> bool:
        """Does what `Deliveries.add` promises."""
        keys = {"pk": _deliveries_pk(delivery.tenant_id, delivery.webhook_id), "sk": delivery.delivery_id}
        values = {**asdict(delivery), **keys, **_due_keys(delivery), "expires_at": delivery.created_at + KEPT_S}
        return self._table.put(values, condition="attribute_not_exists(#pk)")

    def find(self, tenant_id: TenantId, webhook_id: WebhookId, delivery_id: DeliveryId) -> Delivery | None:
        """Does what `Deliveries.find` promises."""
        return _to_delivery(self._table.find(_deliveries_pk(tenant_id, webhook_id), delivery_id))

    def list_page(
        self, tenant_id: TenantId, webhook_id: WebhookId, *, limit: int, after: DeliveryId | None
    ) -> DeliveryPage:
        """Does what `Deliveries.list_page` promises."""
        items = self._table.each_latest(_deliveries_pk(tenant_id, webhook_id), before=after)
        found = [one for one in map(_to_delivery, islice(items, limit + 1)) if one]
        return DeliveryPage(tuple(found[:limit]), found[limit - 1].delivery_id if len(found) > limit else None)

    def replace(self, old: Delivery, new: Delivery) -> bool:
        """Does what `Deliveries.replace` promises."""
        is_same_time = "attribute_not_exists(#next_try_at)" if old.next_try_at is None else "#next_try_at = :time_meant"
        time = {} if old.next_try_at is None else {"time_meant": old.next_try_at}
        changed = self._table.set(
            _deliveries_pk(old.tenant_id, old.webhook_id),
            {**asdict(new), **_due_keys(new)},
            sk=old.delivery_id,
            condition=f"#status = :status_meant AND {is_same_time}",
            parameters={"status_meant": old.status, **time},
        )
        return changed is not None

    def each_due(self, now: int) -> Iterator[Delivery]:
        """Does what `Deliveries.each_due` promises."""
        shards = [self._table.each_listed_before(f"DUE#{shard}", _padded(now + 1)) for shard in range(SHARDS)]
        for keys in merge(*shards, key=lambda one: str(one["list_sk"])):
            found = _to_delivery(self._table.find(keys["pk"], keys["sk"]))
            if found is not None and found.next_try_at is not None and found.next_try_at <= now:
                yield found


def _due_keys(delivery: Delivery) -> ItemValues:
    if delivery.next_try_at is None:
        return {"list_pk": None, "list_sk": None}
    shard = crc32(delivery.delivery_id.encode()) % SHARDS
    return {"list_pk": f"DUE#{shard}", "list_sk": f"{_padded(delivery.next_try_at)}#{delivery.delivery_id}"}


def _padded(at: int) -> str:
    return f"{at:012d}"


def _webhooks_pk(tenant_id: TenantId) -> str:
    return f"WEBHOOKS#{tenant_id}"


def _counter(tenant_id: TenantId, limit: int | None = None) -> Counter:
    return Counter(pk=f"COUNT#{tenant_id}", sk="webhooks", limit=limit)


def _deliveries_pk(tenant_id: TenantId, webhook_id: WebhookId) -> str:
    return f"DELIVERIES#{tenant_id}#{webhook_id}"


def _to_webhook(item: ItemValues | None) -> Webhook | None:
    return _webhook_adapter().validate_python(_read(item, Webhook, _WEBHOOK_JSON)) if item else None


def _to_delivery(item: ItemValues | None) -> Delivery | None:
    return _delivery_adapter().validate_python(_read(item, Delivery, _DELIVERY_JSON)) if item else None


def _read(item: ItemValues, shape: Any, kept_as_json: tuple[str, ...]) -> ItemValues:
    plain = {one.name: item[one.name] for one in fields(shape) if one.name in item}
    return plain | {name: orjson.loads(plain[name]) for name in kept_as_json if name in plain}


@cache
def _webhook_adapter() -> TypeAdapter[Webhook]:
    return TypeAdapter(Webhook)


@cache
def _delivery_adapter() -> TypeAdapter[Delivery]:
    return TypeAdapter(Delivery)
