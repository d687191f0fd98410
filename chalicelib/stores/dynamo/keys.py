"""API keys in the control table, by the digest of their secret; beside them an item for each tenant that has one."""

from dataclasses import asdict, fields
from functools import cache

import orjson
from pydantic import TypeAdapter

from chalicelib.model.ids import TenantId
from chalicelib.model.keys import ApiKey
from chalicelib.stores.dynamo.control import ControlTable

ABSENT = "attribute_not_exists(#pk)"

_NAMES = frozenset(one.name for one in fields(ApiKey))


class DynamoKeys:
    """Keeps `stores.interfaces.Keys`."""

    def __init__(self, table: ControlTable) -> None:
        self._table = table

    def add(self, key: ApiKey) -> bool:
        """The tenant first: broken off between the two, nothing is open that was not before."""
        self._table.put({"pk": _tenant_pk(key.tenant_id), "sk": "-"}, condition=ABSENT)
        item = {"pk": _pk(key.digest), "sk": "-", **asdict(key), "scopes": sorted(key.scopes)}
        return self._table.put(item, condition=ABSENT)

    def find(self, digest: str) -> ApiKey | None:
        item = self._table.find(_pk(digest))
        if item is None:
            return None
        values = {name: value for name, value in item.items() if name in _NAMES}
        return _adapter().validate_python({**values, "scopes": orjson.loads(item["scopes"])})

    def has_tenant(self, tenant_id: TenantId) -> bool:
        return self._table.find(_tenant_pk(tenant_id)) is not None


def _tenant_pk(tenant_id: TenantId) -> str:
    return f"TENANT#{tenant_id}"


def _pk(digest: str) -> str:
    return f"KEY#{digest}"


@cache
def _adapter() -> TypeAdapter[ApiKey]:
    return TypeAdapter(ApiKey)
