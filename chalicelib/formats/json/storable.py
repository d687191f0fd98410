"""JSON values that a work object cannot hold, as values that it can.

RFC 8259 allows numbers of any size and escaped lone surrogates; UTF-8 JSON with exact integers holds neither. Numbers
become their text, as decimals do anyway, and surrogates replacement characters. The fields of such a row have been read
by then: what is mended here is only shown.
"""

import re

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
_SURROGATE = re.compile("[\ud800-\udfff]")
_LEAST, _MOST = -(2**63), 2**64 - 1
"""What JSON writers can be trusted with: 64 bits, with or without a sign."""


def storable(value: object) -> object:
    if isinstance(value, dict):
        return {_text(name): storable(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [storable(one) for one in value]
    if isinstance(value, str):
        return _text(value)
    return str(value) if isinstance(value, int) and not _LEAST <= value <= _MOST else value


def _text(text: str) -> str:
    return text if text.isascii() else _SURROGATE.sub(REPLACEMENT, text)
