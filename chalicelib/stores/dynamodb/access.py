"""API keys, access tokens and request counters in the control table, as `stores.interfaces.access` promises.

| item | pk | sk | beside |
|---|---|---|---|
| key | KEY#digest | - | the fields of `ApiKey` |
| name of a key | KEYS#tenant | key id | digest |
| access token | TOKEN#digest | - | the fields of `AccessToken`, its end as ends_at; DynamoDB deletes it 30 days later |
| counter | REQUESTS#digest#window | begin of the window | used, token, expires_at |

The name of a key is written first: a crash between the two leaves a name without a key, which is passed over. When a
key or a token ends is kept as `ends_at`: DynamoDB deletes by `expires_at`, and a caller with an ended one is still told
that it ended. Counters outlive their windows, so that the latest one tells when a key was last used, without a write
of its own.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, fields
from functools import cache
from typing import Any

import orjson
from pydantic import TypeAdapter

from chalicelib.model.api_keys import AccessToken, ApiKey, Scope
from chalicelib.model.ids import TenantId
from chalicelib.model.rate_limits import RateLimit, RateLimitStatus
from chalicelib.model.usage import month_of
from chalicelib.stores.dynamodb.attributes import ItemValues
from chalicelib.stores.dynamodb.control_table import ControlTable

COUNTER_KEPT_S = 90 * 24 * 3600
"""How long a counter outlives its window."""

TOKEN_KEPT_S = 30 * 24 * 3600
"""How long a token is remembered beyond its end: who comes back with it is told that it has expired."""

_KEY_FIELDS = frozenset(one.name for one in fields(ApiKey))


class DynamoDBKeys:
    """Keeps the promises of `stores.interfaces.Keys`."""

    def __init__(self, table: ControlTable) -> None:
        self._table = table

    def add(self, key: ApiKey) -> bool:
        """Does what `Keys.add` promises."""
        name = {"pk": _names_pk(key.live_tenant_id), "sk": key.key_id, "digest": key.digest}
        self._table.put(name, condition="attribute_not_exists(#pk)")
        return self._table.put(_from_key(key), condition="attribute_not_exists(#pk)")

    def find(self, digest: str) -> ApiKey | None:
        """Does what `Keys.find` promises."""
        return _to_key(self._table.find(_key_pk(digest)))

    def find_named(self, tenant_id: TenantId, key_id: str) -> ApiKey | None:
        """Does what `Keys.find_named` promises."""
        name = self._table.find(_names_pk(tenant_id), key_id)
        key = self.find(name["digest"]) if name else None
        return key if key and _is_named(key, tenant_id, key_id) else None

    def list_keys(self, tenant_id: TenantId) -> list[ApiKey]:
        """Does what `Keys.list_keys` promises."""
        names = list(self._table.each_of(_names_pk(tenant_id)))
        found = map(_to_key, self._table.find_many(_key_pk(name["digest"]) for name in names).values())
        named = {name["sk"] for name in names}
        mine = [key for key in found if key and key.key_id in named and key.live_tenant_id == tenant_id]
        return sorted(mine, key=lambda key: (key.created_at, key.key_id), reverse=True)

    def has_tenant(self, tenant_id: TenantId) -> bool:
        """Does what `Keys.has_tenant` promises."""
        return any(True for _ in self._table.each_of(_names_pk(tenant_id)))

    def revoke(self, tenant_id: TenantId, key_id: str, *, at: int) -> ApiKey | None:
        """Does what `Keys.revoke` promises."""
        return self._set(tenant_id, key_id, {"revoked_at": at}, "attribute_not_exists(#revoked_at)", {})

    def expire(self, tenant_id: TenantId, key_id: str, *, at: int) -> ApiKey | None:
        """Does what `Keys.expire` promises."""
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
        changed = self._table.set(_key_pk(key.digest), values, condition=condition, parameters=parameters)
        return _to_key(changed) or self.find(key.digest)


class DynamoDBTokens:
    """Keeps the promises of `stores.interfaces.Tokens`."""

    def __init__(self, table: ControlTable) -> None:
        self._table = table

    def add(self, token: AccessToken) -> bool:
        """Does what `Tokens.add` promises."""
        item = {
            "pk": _token_pk(token.digest),
            "sk": "-",
            "client_digest": token.client_digest,
            "scopes": sorted(token.scopes),
            "issued_at": token.issued_at,
            "ends_at": token.expires_at,
            "expires_at": token.expires_at + TOKEN_KEPT_S,
        }
        return self._table.put(item, condition="attribute_not_exists(#pk)")

    def find(self, digest: str) -> AccessToken | None:
        """Does what `Tokens.find` promises."""
        item = self._table.find(_token_pk(digest), even_expired=True)
        if item is None:
            return None
        return AccessToken(
            digest=digest,
            client_digest=item["client_digest"],
            scopes=frozenset(map(Scope, orjson.loads(item["scopes"]))),
            issued_at=item["issued_at"],
            expires_at=item["ends_at"],
        )


class DynamoDBRequestCounter:
    """Keeps the promises of `stores.interfaces.RequestCounter`: one conditional update a request."""

    def __init__(self, table: ControlTable) -> None:
        self._table = table

    def count(self, digest: str, rate_limit: RateLimit, now: int) -> RateLimitStatus:
        """Does what `RequestCounter.count` promises."""
        begins_at = rate_limit.begins_at(now)
        expires_at = begins_at + rate_limit.window_s + COUNTER_KEPT_S
        used = self._table.count(
            _counter_pk(digest, rate_limit), f"{begins_at:012d}", limit=rate_limit.requests, expires_at=expires_at
        )
        is_exceeded = used is None
        return RateLimitStatus(
            rate_limit=rate_limit,
            used=rate_limit.requests if used is None else used,
            begins_at=begins_at,
            is_exceeded=is_exceeded,
        )

    def find_last(self, digest: str, rate_limit: RateLimit) -> int | None:
        """Does what `RequestCounter.find_last` promises."""
        counter = self._table.find_last(_counter_pk(digest, rate_limit))
        return int(counter["sk"]) if counter else None

    def count_months(self, digest: str, rate_limit: RateLimit) -> dict[str, int]:
        """Does what `RequestCounter.count_months` promises."""
        months: Counter[str] = Counter()
        for counter in self._table.each_of(_counter_pk(digest, rate_limit)):
            months[month_of(int(counter["sk"]))] += counter["used"]
        return dict(months)


def _from_key(key: ApiKey) -> ItemValues:
    values = asdict(key) | {"scopes": sorted(key.scopes)}
    return {"pk": _key_pk(key.digest), "sk": "-", "ends_at": values.pop("expires_at"), **values}


def _to_key(item: ItemValues | None) -> ApiKey | None:
    if item is None:
        return None
    values = {name: value for name, value in item.items() if name in _KEY_FIELDS}
    values |= {"scopes": orjson.loads(item["scopes"]), "expires_at": item.get("ends_at")}
    return _api_keys().validate_python(values)


def _is_named(key: ApiKey, tenant_id: TenantId, key_id: str) -> bool:
    return (key.live_tenant_id, key.key_id) == (tenant_id, key_id)


def _key_pk(digest: str) -> str:
    return f"KEY#{digest}"


def _names_pk(tenant_id: TenantId) -> str:
    return f"KEYS#{tenant_id}"


@cache
def _api_keys() -> TypeAdapter[ApiKey]:
    return TypeAdapter(ApiKey)


def _token_pk(digest: str) -> str:
    return f"TOKEN#{digest}"


def _counter_pk(digest: str, rate_limit: RateLimit) -> str:
    return f"REQUESTS#{digest}#{rate_limit.window_s}"
