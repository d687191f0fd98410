"""Unicode of two or four bytes a character that bears no byte order mark, told by what such a reading makes of it.

A table has line ends and delimiters whatever its language, and each of them is an ASCII character beside a NUL. Read in
the wrong order, or where the text has 8 bits, the same bytes are no characters at all or none of these.
"""

import codecs
import unicodedata

_NAMES = ("utf-32-le", "utf-32-be", "utf-16-le", "utf-16-be")
_LOOKED_AT_BYTES = 8192
_LEAST_ASCII = 0.04
"""Of all characters: line ends, delimiters, digits. A list in Chinese has about one in eight."""
_MOST_STRANGE = 0.02
_STRANGE = frozenset({"Cc", "Cn", "Co", "Cs"})
_ORDINARY_CONTROLS = "\t\n\r"


def wide_encoding(sample: bytes) -> str | None:
    """Python's name, such as utf-16-le; None where the bytes are anything else."""
    if b"\0" not in sample[:_LOOKED_AT_BYTES]:
        return None
    shares = {name: _share_of_ascii(sample[:_LOOKED_AT_BYTES], name) for name in _NAMES}
    best = max(shares, key=lambda name: shares[name])
    return best if shares[best] >= _LEAST_ASCII else None


def _share_of_ascii(start: bytes, name: str) -> float:
    """Of the characters of a plausible text with a line end or a delimiter; 0 for anything else."""
    try:
        text = codecs.getincrementaldecoder(name)().decode(start)
    except UnicodeDecodeError:
        return 0.0
    if not any(sign in text for sign in "\n\r,;\t|"):
        return 0.0
    strange = sum(one not in _ORDINARY_CONTROLS and unicodedata.category(one) in _STRANGE for one in text)
    return 0.0 if strange > _MOST_STRANGE * len(text) else sum(one < "\x7f" for one in text) / len(text)
