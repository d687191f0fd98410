"""Invisible characters, and how texts are freed of them.

    at both ends    space of any kind and invisible characters are never meant, and are taken off
    inside a text   they stay: joiners shape Persian and Indic words, and hold emoji together
    in an identity  they are disregarded, as in numbers, dates, addresses and choices

Invisible are the format characters of Unicode (category Cf: zero-width, direction marks, soft hyphen, byte order mark)
but those few that are drawn, and what Unicode calls default ignorable beside them: fillers and variation selectors.
What shapes the character before it belongs to that character: a variation selector, the tags of a flag, a joiner
behind a virama.
"""

import re
import unicodedata

SPACES = " \t\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
"""All kinds of space within a line."""

SEEMINGLY_PRINTABLE = (
    *("\u034f", "\u115f", "\u1160", "\u17b4", "\u17b5", "\u180b", "\u180c", "\u180d", "\u180f", "\u3164", "\uffa0"),
    *map(chr, range(0xFE00, 0xFE10)),
)
"""The invisible characters that `str.isprintable` lets pass."""

_SHAPING = "\ufe00-\ufe0f\U000e0020-\U000e007f"
_CLASS = (
    "\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0"
    "\ufff9-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0001" + _SHAPING
)
_INVISIBLE = re.compile(f"[{_CLASS}\U000e0100-\U000e01ef]+")
_BLANK = re.compile(rf"[\s{_CLASS}]")
_BEGINNING = re.compile(rf"[\s{_CLASS}]*")
_SHAPES = re.compile(f"[{_SHAPING}]*")
_JOINERS = ("\u200c", "\u200d")
_VIRAMA = 9
"""The combining class of the signs that take a consonant its vowel."""


def visible(text: str) -> str:
    """Returns the text without any invisible character."""
    return text if text.isascii() else _INVISIBLE.sub("", text)


def trimmed(text: str) -> str:
    """Returns the text without space and invisible characters at both ends."""
    text = text.strip()
    if text.isascii() or not (_BLANK.match(text) or _BLANK.match(text[-1])):
        return text
    begin = _BEGINNING.match(text).end()  # type: ignore[union-attr] # it matches always
    return text[begin : _end(text, begin)]


def is_blank(text: str) -> bool:
    """Returns whether nothing of the text is visible."""
    return not trimmed(text)


def _end(text: str, begin: int) -> int:
    end = len(text)
    while end > begin and _BLANK.match(text[end - 1]):
        end -= 1
    if end == begin:
        return begin
    if text[end : end + 1] in _JOINERS and unicodedata.combining(text[end - 1]) == _VIRAMA:
        return end + 1
    return _SHAPES.match(text, end).end()  # type: ignore[union-attr] # it matches always
