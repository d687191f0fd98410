"""PartiQL statements spelled straight to the bytes that DynamoDB reads.

Comes in: the text of a statement, once, and values, row after row. Goes out: JSON. Objects for each statement and each
of its values would cost more than all else that a write takes.
"""

from typing import NewType

import orjson

Statement = NewType("Statement", bytes)
"""A PartiQL statement that changes one item, and the values of its question marks, as DynamoDB reads them."""


class StatementText:
    """The text of a PartiQL statement, spelled as JSON once for all the values that it is used with."""

    def __init__(self, text: str) -> None:
        values = b",".join([b"%b"] * text.count("?"))
        self._spelled = b'{"Statement":%b,"Parameters":[%b]}' % (orjson.dumps(text), values)

    def with_values(self, *values: bytes) -> Statement:
        """Returns the statement with a value for each of its question marks, as `text_value` and `number_value` give
        them."""
        return Statement(self._spelled % values)


def text_value(text: str) -> bytes:
    """Returns a text as an attribute value in JSON."""
    return b'{"S":%b}' % orjson.dumps(text)


def number_value(number: int) -> bytes:
    """Returns a whole number as an attribute value in JSON."""
    return b'{"N":"%d"}' % number


def inserted(into: str, *names: str) -> str:
    """Returns the text of a statement that inserts an item with these attributes, where there is none of its key."""
    pairs = ", ".join(f"'{name}': ?" for name in names)
    return f"{into} VALUE {{{pairs}}}"
