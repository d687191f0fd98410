"""Changes of items, as values: what is written, on which condition, and what is written together with it.

Comes in: names and values, and conditions that name attributes as #name and parameters as :name. Goes out: requests as
DynamoDB takes them. Nothing is sent here; `control_table.py` does that.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from chalicelib.stores.dynamodb.attributes import ItemValues, to_attributes
from chalicelib.stores.dynamodb.record_items import to_key


class SameAs(NamedTuple):
    """The value that another attribute of the same item has."""

    name: str


ItemKey = tuple[str, str]
"""pk and sk."""


class ItemChange(NamedTuple):
    """Attributes that an item gets on a condition; a value of None removes its attribute."""

    pk: str
    values: Mapping[str, Any]
    condition: str
    parameters: Mapping[str, Any]

    @classmethod
    def of_item(cls, item: ItemValues, values: Mapping[str, Any]) -> "ItemChange":
        """Returns a change on the condition that nobody has changed the item since it was read."""
        return cls(item["pk"], values, "#token = :token_read", {"token_read": item["token"]})

    def to_update(self, token: str) -> dict[str, Any]:
        """Returns the request that makes the change, and leaves the token in the item."""
        values = {**self.values, "token": token}
        copied = {name: value.name for name, value in values.items() if isinstance(value, SameAs)}
        request = conditional(self.condition, self.parameters)
        request["ExpressionAttributeNames"] |= {f"#{name}": name for name in (*values, *copied.values())}
        given = {name: value for name, value in values.items() if name not in copied}
        request["ExpressionAttributeValues"] = to_parameters({**self.parameters, **given})
        return request | {"UpdateExpression": _to_expression(values)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Counter:
    """An item whose `used` says how many other items there are of some kind."""

    pk: str
    sk: str
    limit: int | None = None
    """How many there may be; None for any number."""
    expires_at: int | None = None
    """When the last of the items that are counted expires, and the counter with it; None for never."""
    by: int = 1
    """What a write along with it adds."""

    def to_update(self) -> dict[str, Any]:
        """Returns the request that adds `by`, on the condition that the limit is not reached."""
        has_limit = self.limit is not None and self.by > 0
        update = _to_increase(self.pk, self.sk, {"used": self.by}, self.expires_at)
        if has_limit:
            update["ExpressionAttributeNames"] |= {"#used": "used"}
            update["ExpressionAttributeValues"] |= to_parameters({"limit": self.limit})
            update["ConditionExpression"] = "attribute_not_exists(#used) OR #used < :limit"
        return update


@dataclass(frozen=True, slots=True, kw_only=True)
class Counters:
    """Changes of the numbers in one item, each under a name of its own."""

    pk: str
    sk: str
    by: Mapping[str, int]
    """What is added to each number."""
    expires_at: int | None = None
    """When the item expires; None for never."""

    def to_update(self) -> dict[str, Any]:
        """Returns the request that changes the numbers."""
        return _to_increase(self.pk, self.sk, self.by, self.expires_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Along:
    """What is written together with an item: all of it or nothing."""

    put: Iterable[Mapping[str, Any]] = ()
    """Items that replace what there is."""
    removed: Iterable[ItemKey] = ()
    counters: Iterable[Counters] = ()

    def to_writes(self, table: str) -> list[dict[str, Any]]:
        """Returns the writes of a transaction. Of an item that is put, too, nothing is removed."""
        put: list[ItemValues] = [dict(one) for one in self.put]
        kept = {(one["pk"], one["sk"]) for one in put}
        keys = [key for key in dict.fromkeys(self.removed) if key not in kept]
        return [
            *({"Put": {"TableName": table, "Item": to_attributes(one)}} for one in put),
            *({"Delete": {"TableName": table, "Key": to_key(*key)}} for key in keys),
            *({"Update": {"TableName": table, **one.to_update()}} for one in self.counters),
        ]


def to_parameters(parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Returns values as a request has them, by placeholder."""
    return {f":{name}": value for name, value in to_attributes(parameters).items()}


def conditional(condition: str, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Returns the part of a request that makes it conditional; where it fails, the answer shows the item."""
    names = {word.strip("(),") for word in condition.replace("(", " ").split() if word.startswith("#")}
    return {
        "ConditionExpression": condition,
        "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
        "ExpressionAttributeNames": {name: name[1:] for name in names},
        **({"ExpressionAttributeValues": to_parameters(parameters)} if parameters else {}),
    }


def _to_increase(pk: str, sk: str, by: Mapping[str, int], expires_at: int | None) -> dict[str, Any]:
    """A number is added to whatever there is, nothing included."""
    numbers = {f"n{number}": name for number, name in enumerate(by)}
    added = ", ".join(f"#{placeholder} :{placeholder}" for placeholder in numbers)
    names = {f"#{placeholder}": name for placeholder, name in numbers.items()}
    given: dict[str, Any] = {placeholder: by[name] for placeholder, name in numbers.items()}
    if expires_at is not None:
        added, names, given = (
            f"{added} SET #expires_at = :expires_at",
            {**names, "#expires_at": "expires_at"},
            {**given, "expires_at": expires_at},
        )
    return {
        "Key": to_key(pk, sk),
        "UpdateExpression": f"ADD {added}",
        "ExpressionAttributeNames": names,
        "ExpressionAttributeValues": to_parameters(given),
    }


def _to_expression(values: Mapping[str, Any]) -> str:
    given = [
        f"#{name} = {f'#{value.name}' if isinstance(value, SameAs) else f':{name}'}"
        for name, value in values.items()
        if value is not None
    ]
    gone = [f"#{name}" for name, value in values.items() if value is None]
    return " ".join([f"SET {', '.join(given)}"] + ([f"REMOVE {', '.join(gone)}"] if gone else []))
