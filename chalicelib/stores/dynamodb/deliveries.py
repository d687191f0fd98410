"""Deliveries of events in the control table, as `stores.interfaces.webhooks` promises.

| item | pk | sk | beside |
|---|---|---|---|
| delivery | DELIVERIES#tenant#webhook | delivery id | the fields of `Delivery` |

While a delivery has a `next_try_at` it stands in the index `lists` under DUE#tenant#webhook, by that time: it moves
there in the same write that changes it. Each webhook has a queue of its own, so that the next delivery of one is found
without reading those of another.
"""

from collections.abc import Iterable
from dataclasses import asdict
from functools import cache
from itertools import islice

from pydantic import TypeAdapter

from chalicelib.model.ids import TenantId
from chalicelib.model.webhooks import Delivery, DeliveryId, Endpoint, WebhookId
from chalicelib.stores.dynamodb.attributes import ItemValues
from chalicelib.stores.dynamodb.control_table import ControlTable
from chalicelib.stores.dynamodb.webhook_items import fields_of, is_as_seen, padded
from chalicelib.stores.interfaces import DeliveryPage, DuePage

KEPT_S = 30 * 24 * 3600
"""So long deliveries can be looked up."""


class DynamoDBDeliveries:
    """Keeps the promises of `stores.interfaces.Deliveries`."""

    def __init__(self, table: ControlTable) -> None:
        self._table = table

    def add(self, delivery: Delivery) -> bool:
        """Does what `Deliveries.add` promises."""
        keys = {"pk": _pk(delivery.tenant_id, delivery.webhook_id), "sk": delivery.delivery_id}
        values = {**asdict(delivery), **keys, **_queue_keys(delivery), "expires_at": delivery.created_at + KEPT_S}
        return self._table.put(values, condition="attribute_not_exists(#pk)")

    def find(self, tenant_id: TenantId, webhook_id: WebhookId, delivery_id: DeliveryId) -> Delivery | None:
        """Does what `Deliveries.find` promises."""
        item = self._table.find(_pk(tenant_id, webhook_id), delivery_id)
        return _to_delivery(item) if item else None

    def list_page(
        self, tenant_id: TenantId, webhook_id: WebhookId, *, limit: int, after: DeliveryId | None
    ) -> DeliveryPage:
        """Does what `Deliveries.list_page` promises."""
        items = self._table.each_latest(_pk(tenant_id, webhook_id), before=after)
        found = [_to_delivery(item) for item in islice(items, limit + 1)]
        return DeliveryPage(tuple(found[:limit]), found[limit - 1].delivery_id if len(found) > limit else None)

    def replace(self, old: Delivery, new: Delivery) -> bool:
        """Does what `Deliveries.replace` promises."""
        same_time, time = is_as_seen("next_try_at", old.next_try_at)
        changed = self._table.set(
            _pk(old.tenant_id, old.webhook_id),
            {**asdict(new), **_queue_keys(new)},
            sk=old.delivery_id,
            condition=f"#status = :status_seen AND {same_time}",
            parameters={"status_seen": old.status, **time},
        )
        return changed is not None

    def list_due(self, endpoint: Endpoint, now: int, *, limit: int, newest_first: bool = False) -> DuePage:
        """Does what `Deliveries.list_due` promises."""
        before = padded(now + 1)
        keys = self._table.each_listed_before(_queue(endpoint), before, page=limit, latest_first=newest_first)
        first = list(islice(keys, limit))
        found = (one for one in self._read(first) if one.next_try_at is not None and one.next_try_at <= now)
        return DuePage(tuple(found), is_last=len(first) < limit)

    def list_later(self, endpoint: Endpoint, now: int, *, limit: int) -> list[Delivery]:
        """Does what `Deliveries.list_later` promises."""
        keys = self._table.each_listed_from(_queue(endpoint), padded(now + 1), page=limit)
        found = self._read(islice(keys, limit))
        return [one for one in found if one.next_try_at is not None and one.next_try_at > now]

    def _read(self, keys: Iterable[ItemValues]) -> list[Delivery]:
        return [_to_delivery(item) for item in self._table.find_listed(keys)]


def _queue_keys(delivery: Delivery) -> ItemValues:
    if delivery.next_try_at is None:
        return {"list_pk": None, "list_sk": None}
    sk = f"{padded(delivery.next_try_at)}#{delivery.delivery_id}"
    return {"list_pk": _queue(delivery.endpoint), "list_sk": sk}


def _queue(endpoint: Endpoint) -> str:
    return f"DUE#{endpoint.tenant_id}#{endpoint.webhook_id}"


def _pk(tenant_id: TenantId, webhook_id: WebhookId) -> str:
    return f"DELIVERIES#{tenant_id}#{webhook_id}"


def _to_delivery(item: ItemValues) -> Delivery:
    return _adapter().validate_python(fields_of(item, Delivery, kept_as_json=("tries",)))


@cache
def _adapter() -> TypeAdapter[Delivery]:
    return TypeAdapter(Delivery)
