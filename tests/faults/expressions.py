"""DynamoDB's condition and update expressions, evaluated on items that lie in memory.

In come an expression as it is sent, its names and values, and an item in DynamoDB's own JSON; out goes whether the
condition holds, or the changed item. What is not understood raises ValueError. The contract tests of stores run over
these evaluators as over moto. Source: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.html
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from typing import Any

Value = Mapping[str, Any]
Item = Mapping[str, Value]
Operand = Callable[["Given"], Value | None]
"""The value of an operand; None where the attribute is absent."""
Condition = Callable[["Given"], bool]

TOKEN = re.compile(r"\s*([#:]?\w+|<>|<=|>=|[<>=(),+-])")
COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "<": lambda one, other: bool(one < other),
    "<=": lambda one, other: bool(one <= other),
    ">": lambda one, other: bool(one > other),
    ">=": lambda one, other: bool(one >= other),
}


@dataclass(frozen=True)
class Given:
    """What an expression is evaluated on."""

    item: Item
    names: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Value] = field(default_factory=dict)

    def name_of(self, word: str) -> str:
        """Returns the attribute that a word of an expression names."""
        return self.names[word] if word.startswith("#") else word


def holds(condition: str, given: Given) -> bool:
    """Returns whether a condition holds on an item, which is empty where there is none; no condition always does."""
    return not condition or _condition(condition)(given)


def updated(expression: str, given: Given) -> dict[str, Any]:
    """Returns the item as an update leaves it; every operand is read before anything is changed."""
    changes = [change(given) for change in _update(expression)]
    item: dict[str, Any] = {**given.item, **{name: value for name, value in changes if value is not None}}
    return {name: value for name, value in item.items() if (name, None) not in changes}


Change = Callable[[Given], tuple[str, Value | None]]
"""The name of an attribute and its new value, None where it is removed."""


@cache
def _condition(text: str) -> Condition:
    words = _Words(text)
    condition = _either(words)
    words.demand_end()
    return condition


@cache
def _update(text: str) -> list[Change]:
    words, changes = _Words(text), []
    while words.ahead:
        read = {"SET": _set, "REMOVE": _remove, "ADD": _add}[words.next().upper()]
        changes.append(read(words))
        while words.skips(","):
            changes.append(read(words))
    return changes


class _Words:
    """The words of an expression, which are read from the left."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._words = TOKEN.findall(text)[::-1]
        if "".join(self._words[::-1]) != re.sub(r"\s", "", text):
            raise ValueError(f"not understood: {text}")

    @property
    def ahead(self) -> str:
        return self._words[-1] if self._words else ""

    def next(self) -> str:
        return str(self._words.pop())

    def skips(self, word: str) -> bool:
        """Skips this word if it comes next, and returns whether it did."""
        if self.ahead.upper() != word:
            return False
        self._words.pop()
        return True

    def demand(self, word: str) -> None:
        if not self.skips(word):
            raise ValueError(f"{word} is missing before {self.ahead!r}: {self.text}")

    def demand_end(self) -> None:
        if self._words:
            raise ValueError(f"not understood from {self.ahead!r} on: {self.text}")


def _either(words: _Words) -> Condition:
    ones = [_both(words)]
    while words.skips("OR"):
        ones.append(_both(words))
    return ones[0] if len(ones) == 1 else lambda given: any(one(given) for one in ones)


def _both(words: _Words) -> Condition:
    ones = [_single(words)]
    while words.skips("AND"):
        ones.append(_single(words))
    return ones[0] if len(ones) == 1 else lambda given: all(one(given) for one in ones)


def _single(words: _Words) -> Condition:
    if words.skips("NOT"):
        negated = _single(words)
        return lambda given: not negated(given)
    if words.skips("("):
        inner = _either(words)
        words.demand(")")
        return inner
    if words.ahead in ("attribute_exists", "attribute_not_exists"):
        is_there = words.next() == "attribute_exists"
        (name,) = _arguments(words)
        return lambda given: (name(given) is not None) is is_there
    if words.skips("BEGINS_WITH"):
        whole, start = _arguments(words)
        return lambda given: str((whole(given) or {}).get("S", "")).startswith((start(given) or {})["S"])
    return _compared(words)


def _compared(words: _Words) -> Condition:
    left, sign = _operand(words), words.next().upper()
    if sign == "IN":
        others = _arguments(words)
        return lambda given: any(_equal(left(given), other(given)) for other in others)
    if sign == "BETWEEN":
        low = _operand(words)
        words.demand("AND")
        high = _operand(words)
        return lambda given: _is(">=", left(given), low(given)) and _is("<=", left(given), high(given))
    right = _operand(words)
    if sign == "<>":
        return lambda given: not _equal(left(given), right(given))
    if sign == "=":
        return lambda given: _equal(left(given), right(given))
    return lambda given: _is(sign, left(given), right(given))


def _arguments(words: _Words) -> list[Operand]:
    words.demand("(")
    found = [_operand(words)]
    while words.skips(","):
        found.append(_operand(words))
    words.demand(")")
    return found


def _operand(words: _Words) -> Operand:
    if words.skips("IF_NOT_EXISTS"):
        stored, otherwise = _arguments(words)
        return lambda given: stored(given) or otherwise(given)
    word = words.next()
    if word.startswith(":"):
        return lambda given: given.values[word]
    return lambda given: given.item.get(given.name_of(word))


def _plain(value: Value) -> tuple[str, Any]:
    [(kind, content)] = value.items()
    return kind, Decimal(content) if kind == "N" else content


def _equal(one: Value | None, other: Value | None) -> bool:
    return one is not None and other is not None and _plain(one) == _plain(other)


def _is(sign: str, one: Value | None, other: Value | None) -> bool:
    """An absent attribute is neither less nor greater, nor is one of another type."""
    if one is None or other is None or _plain(one)[0] != _plain(other)[0]:
        return False
    return COMPARISONS[sign](_plain(one)[1], _plain(other)[1])


def _set(words: _Words) -> Change:
    name = words.next()
    words.demand("=")
    value = _operand(words)
    if words.ahead not in ("+", "-"):
        return lambda given: (given.name_of(name), value(given))
    sign, other = words.next(), _operand(words)
    return lambda given: (given.name_of(name), _sum(value(given), other(given), 1 if sign == "+" else -1))


def _remove(words: _Words) -> Change:
    name = words.next()
    return lambda given: (given.name_of(name), None)


def _add(words: _Words) -> Change:
    name, value = words.next(), _operand(words)
    return lambda given: (given.name_of(name), _sum(given.item.get(given.name_of(name), {"N": "0"}), value(given), 1))


def _sum(one: Value | None, other: Value | None, factor: int) -> Value:
    if one is None or other is None:
        raise ValueError("an operand of a sum is absent")
    return {"N": str(Decimal(one["N"]) + factor * Decimal(other["N"]))}
