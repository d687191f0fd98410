"""API keys in the control table, by the digest of their secret; and under each tenant the names of its keys.

| item | pk | sk | beside |
|---|---|---|---|
| key | KEY#digest | - | the fields of `ApiKey` |
| name | KEYS#tenant | key id | digest |

The name is written first: a crash between the two leaves a name without a key, which is passed over. When a key ends
is kept as `ends_at`: what is called `expires_at` in this table DynamoDB deletes, and an ended key is still to be told.
"""

from collections.abc import Mapping
from dataclasses import asdict, fields
from functools import cache
from typing import Any

import orjson
from pydantic import TypeAdapter

from chalicelib.model.api_keys import ApiKey
from chalicelib.model.ids import TenantId
from chalicelib.stores.dynamodb.control_table import ControlTable, ItemValues

_NAMES = frozenset(one.name for one in fields(ApiKey))


class DynamoDBKeys:
    """Keeps `stores.interfaces.Keys`."""

    def __init__(self, table: ControlTable) -> None:
        self._table = table

    def add(self, key: ApiKey) -> bool:
        name = {"pk": _list_pk(key.live_tenant_id), "sk": key.key_id, "digest": key.digest}
        self._table.put(name, condition="attribute_not_exists(#pk)")
        return self._table.put(_to_item(key), condition="attribute_not_exists(#pk)")

    def find(self, digest: str) -> ApiKey | None:
        return _from_item(self._table.find(_pk(digest)))

    def find_named(self, tenant_id: TenantId, key_id: str) -> ApiKey | None:
        name = self._table.find(_list_pk(tenant_id), key_id)
        key = self.find(name["digest"]) if name else None
        return key if key and _is_named(key, tenant_id, key_id) else None

    def list_keys(self, tenant_id: TenantId) -> list[ApiKey]:
        names = list(self._table.each_of(_list_pk(tenant_id)))
        found = map(_from_item, self._table.find_many(_pk(name["digest"]) for name in names).values())
        named = {name["sk"] for name in names}
        mine = [key for key in found if key and key.key_id in named and key.live_tenant_id == tenant_id]
        return sorted(mine, key=lambda key: (key.created_at, key.key_id), reverse=True)

    def has_tenant(self, tenant_id: TenantId) -> bool:
        return any(True for _ in self._table.each_of(_list_pk(tenant_id)))

    def revoke(self, tenant_id: TenantId, key_id: str, *, at: int) -> ApiKey | None:
        return self._set(tenant_id, key_id, {"revoked_at": at}, "attribute_not_exists(#revoked_at)", {})

    def expire(self, tenant_id: TenantId, key_id: str, *, at: int) -> ApiKey | None:
        condition = "(attribute_not_exists(#ends_at) OR #ends_at > :bound)"
        return self._set(tenant_id, key_id, {"ends_at": at}, condition, {"bound": at})

    def _set(
        self, tenant_id: TenantId, key_id: str, values: ItemValues, condition: str, parameters: Mapping[str, Any]
    ) -> ApiKey | None:
        """The key as it is afterwards, whether the condition held or not."""
        key = self.find_named(tenant_id, key_id)
        if key is None:
            return None
        condition, parameters = f"#digest = :digest AND {condition}", {"digest": key.digest, **parameters}
        changed = self._table.set(_pk(key.digest), values, condition=condition, parameters=parameters)
        return _from_item(changed) or self.find(key.digest)


def _to_item(key: ApiKey) -> ItemValues:
    values = asdict(key) | {"scopes": sorted(key.scopes)}
    return {"pk": _pk(key.digest), "sk": "-", "ends_at": values.pop("expires_at"), **values}


def _from_item(item: ItemValues | None) -> ApiKey | None:
    if item is None:
        return None
    values = {name: value for name, value in item.items() if name in _NAMES}
    values |= {"scopes": orjson.loads(item["scopes"]), "expires_at": item.get("ends_at")}
    return _adapter().validate_python(values)


def _is_named(key: ApiKey, tenant_id: TenantId, key_id: str) -> bool:
    return (key.live_tenant_id, key.key_id) == (tenant_id, key_id)


def _pk(digest: str) -> str:
    return f"KEY#{digest}"


def _list_pk(tenant_id: TenantId) -> str:
    return f"KEYS#{tenant_id}"


@cache
def _adapter() -> TypeAdapter[ApiKey]:
    return TypeAdapter(ApiKey)
