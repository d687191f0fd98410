"""A transport that counts the requests to DynamoDB and the capacity units that they use.

Units are counted from the items themselves: a write takes one for each started KB, whether it is refused or not, and a
strongly consistent read one for each started 4 KB, at least one; a read that may lag takes half.
"""

import re
from collections import Counter
from typing import Any

import orjson

from bench.prices import units
from chalicelib.stores.dynamodb.client_http import HttpResponse, Transport

WRITE_BYTES, READ_BYTES = 1024, 4096
INSERTED = re.compile(r"'(\w+)': \?")
COMPARED = re.compile(r'"(\w+)" ?(?:=|<=|<) ?\?')


class CountingTransport:
    """A `Transport` that passes every request on to another one, and counts it."""

    def __init__(self, beneath: Transport) -> None:
        self._beneath = beneath
        self.reset()

    def reset(self) -> None:
        self.requests: Counter[str] = Counter()
        self.write_units = 0
        self.read_units = 0.0

    def send(self, operation: str, content: bytes) -> HttpResponse:
        answer = self._beneath.send(operation, content)
        self.requests[operation] += 1
        request, response = orjson.loads(content), orjson.loads(answer.content)
        self.write_units += write_units(operation, request)
        self.read_units += read_units(operation, request, response)
        return answer


def write_units(operation: str, request: Any) -> int:
    if operation != "BatchExecuteStatement":
        return 0
    return sum(_statement_units(one) for one in request["Statements"])


def _statement_units(statement: Any) -> int:
    """Counts the units of one statement. An update shows only what it sets and demands: its items are small."""
    names = INSERTED.findall(statement["Statement"]) or COMPARED.findall(statement["Statement"])
    size_bytes = sum(map(len, names)) + sum(map(_size_of, statement["Parameters"]))
    return units(size_bytes, WRITE_BYTES)


def read_units(operation: str, request: Any, answer: Any) -> float:
    if operation == "GetItem":
        return units(_item_size(answer.get("Item", {})), READ_BYTES)
    if operation == "BatchGetItem":
        return sum(
            _units_of_keys(one, answer["Responses"].get(name, [])) for name, one in request["RequestItems"].items()
        )
    if operation == "Query":
        return units(sum(map(_item_size, answer["Items"])), READ_BYTES)
    return 0


def _units_of_keys(requested: Any, found: Any) -> float:
    whole = len(requested["Keys"]) - len(found) + sum(units(_item_size(one), READ_BYTES) for one in found)
    return float(whole) if requested["ConsistentRead"] else whole / 2


def _item_size(item: Any) -> int:
    return sum(len(name) + _size_of(value) for name, value in item.items())


def _size_of(value: dict[str, Any]) -> int:
    """Returns the size of an attribute value that is a text or a number."""
    (content,) = value.values()
    return len(str(content).encode())
