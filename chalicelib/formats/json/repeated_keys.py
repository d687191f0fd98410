"""Finds a key that stands twice in one object of a JSON text, of which a parser keeps the last and says nothing.

In come a text that was parsed and its value, out comes the repeated key or None. Of a row with `"email"` twice nobody
knows which one is meant. Parsing every text once more to find out would double its cost, so what ends keys is counted
first: where there is no more of it than the value has keys, none of them stands twice.
"""

import json
import re
from collections.abc import Iterable

_BLANKS = b" \t\r\n"
_END_OF_KEY = b'":'
"""Once the blanks are taken out, each key has one; texts inside values may have more."""
_NESTED = frozenset({dict, list})
_STRING = re.compile(rb'"(?:[^"\\]++|\\.)*+"', re.DOTALL)


def find_repeated_key(raw: bytes, value: object) -> str | None:
    """Returns a key that stands twice in one object of the text, or None. `value` is what the text was parsed to.

    A text has a colon behind each key, and one behind a quote once its blanks are out. As many of either as the value
    has keys prove that none was dropped; where there are more, they may also stand inside texts.
    """
    keys = _count_keys(value)
    if raw.count(b":") == keys or raw.translate(None, _BLANKS).count(_END_OF_KEY) == keys:
        return None
    if _STRING.sub(b"", raw).count(b":") == keys:
        return None
    return _search(raw)


def _count_keys(value: object) -> int:
    """Returns how many keys the objects in the value have together."""
    if type(value) is dict:
        each = value.values()
        return len(value) + (0 if _NESTED.isdisjoint(map(type, each)) else sum(map(_count_keys, each)))
    return sum(map(_count_keys, value)) if type(value) is list else 0


def _search(raw: bytes) -> str | None:
    repeated: list[str] = []

    def note(pairs: Iterable[tuple[str, object]]) -> None:
        seen: set[str] = set()
        for key, _ in pairs:
            if key in seen:
                repeated.append(key)
            seen.add(key)

    json.loads(raw.decode(), object_pairs_hook=note, parse_int=str, strict=False)
    return repeated[0] if repeated else None
