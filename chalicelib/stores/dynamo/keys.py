"""API keys in the control table, by the digest of their secret."""

from dataclasses import asdict, fields
from functools import cache

import orjson
from pydantic import TypeAdapter

from chalicelib.model.keys import ApiKey
from chalicelib.stores.dynamo.control import ControlTable

_NAMES = frozenset(one.name for one in fields(ApiKey))


class DynamoKeys:
    """Keeps `stores.interfaces.Keys`."""

    def __init__(self, table: ControlTable) -> None:
        self._table = table

    def add(self, key: ApiKey) -> bool:
        item = {"pk": _pk(key.digest), "sk": "-", **asdict(key), "scopes": sorted(key.scopes)}
        return self._table.put(item, condition="attribute_not_exists(#pk)")

    def find(self, digest: str) -> ApiKey | None:
        item = self._table.find(_pk(digest))
        if item is None:
            return None
        values = {name: value for name, value in item.items() if name in _NAMES}
        return _adapter().validate_python({**values, "scopes": orjson.loads(item["scopes"])})


def _pk(digest: str) -> str:
    return f"KEY#{digest}"


@cache
def _adapter() -> TypeAdapter[ApiKey]:
    return TypeAdapter(ApiKey)
