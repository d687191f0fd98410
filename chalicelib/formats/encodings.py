"""Which encoding a source has, from its first bytes.

Certain are a byte order mark, an override, and bytes beyond ASCII that are valid UTF-8. Pure ASCII so far is
`undecided`: should other bytes come later, they are taken for Windows text. Everything else is guessed, and said to
be.
"""

import codecs
import re
from dataclasses import dataclass
from functools import lru_cache

from chalicelib.errors import Refused

SAMPLE_BYTES = 256 << 10
"""How much of a source is looked at before reading starts."""

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
"""UTF-32 before UTF-16: the mark of UTF-16-LE is the beginning of that of UTF-32-LE."""

_NOT_FOR_TEXT = frozenset(
    {"idna", "punycode", "undefined", "unicode_escape", "raw_unicode_escape", "utf-7", "mbcs", "oem"}
)

_BEYOND_ASCII = re.compile(rb"[\x80-\xff]")
_UTF8_CHARACTER = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}",
)
_UNDEFINED_IN_CP1252 = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")


@dataclass(frozen=True, slots=True)
class Encoding:
    """The answer, with how sure it is."""

    name: str
    is_guessed: bool = False
    is_undecided: bool = False
    """Only ASCII was seen: UTF-8 as long as nothing speaks against it."""
    mark_bytes: int = 0
    """The length of the byte order mark, which is not part of the text."""

    @property
    def is_bytewise(self) -> bool:
        """Whether a byte below 128 is that ASCII character wherever it stands."""
        return self.name == "utf-8" or _is_of_single_bytes(self.name)


@lru_cache(maxsize=16)
def _is_of_single_bytes(name: str) -> bool:
    decoder = codecs.getincrementaldecoder(name)("replace")
    texts = [decoder.decode(bytes([byte])) for byte in range(256)]
    return all(len(text) == 1 for text in texts) and "".join(texts[:128]) == bytes(range(128)).decode("ascii")


def encoding_named(name: str) -> Encoding:
    """An override, under Python's canonical name. Raises Refused `unsupported_encoding`."""
    try:
        found = codecs.lookup(name)
        "a,b\n".encode(found.name)
    except (LookupError, UnicodeError, ValueError) as error:
        raise _unsupported(name) from error
    if found.name.replace("-", "_") in {one.replace("-", "_") for one in _NOT_FOR_TEXT}:
        raise _unsupported(name)
    return Encoding({"utf-8-sig": "utf-8"}.get(found.name, found.name))


def _unsupported(name: str) -> Refused:
    message = f"The encoding {name[:40]!r} is not supported. Save the file as UTF-8, or name another, such as cp1252."
    return Refused("unsupported_encoding", message, param="encoding", encoding=name[:40])


def detected_encoding(sample: bytes) -> Encoding:
    for mark, name in _MARKS:
        if sample.startswith(mark):
            return _marked_encoding(sample, name, len(mark))
    wide = _wide_encoding(sample)
    if wide:
        return Encoding(wide, is_guessed=True)
    if sample.isascii():
        return Encoding("utf-8", is_undecided=True)
    if _is_mostly_utf8(sample):
        return Encoding("utf-8")
    return Encoding(legacy_encoding(sample), is_guessed=True)


def _marked_encoding(sample: bytes, name: str, mark_bytes: int) -> Encoding:
    """What the mark says, unless it is half of one: some programs write two bytes of it before UTF-32, even swapped."""
    rest = _wide_encoding(sample[mark_bytes:]) if name.startswith("utf-16") else None
    is_half = rest is not None and rest.startswith("utf-32")
    return Encoding(rest if rest and is_half else name, is_guessed=is_half, mark_bytes=mark_bytes)


def _wide_encoding(sample: bytes) -> str | None:
    """UTF-16 or UTF-32 without a mark, by where the NULs of Latin letters, delimiters and line ends stand."""
    whole = sample[: len(sample) // 4 * 4][:4096]
    if len(whole) < 4 or b"\0" not in whole:
        return None
    share = [whole[position::4].count(0) * 4 / len(whole) for position in range(4)]
    patterns = {
        "utf-32-le": (share[0] < 0.5 and min(share[2:]) > 0.95),
        "utf-32-be": (share[3] < 0.5 and min(share[:2]) > 0.95),
        "utf-16-le": (max(share[0], share[2]) < 0.05 and min(share[1], share[3]) > 0.3),
        "utf-16-be": (max(share[1], share[3]) < 0.05 and min(share[0], share[2]) > 0.3),
    }
    return next((name for name, fits in patterns.items() if fits), None)


def _is_mostly_utf8(sample: bytes) -> bool:
    """Most of what is beyond ASCII is valid UTF-8. A few broken bytes are rows' problems, not another encoding."""
    if _is_utf8(sample):
        return True
    good = sum(len(one) for one in _UTF8_CHARACTER.findall(sample))
    bad = len(_BEYOND_ASCII.findall(sample)) - good
    return good > 4 * bad or (good > 0 and bad <= 3 and len(sample) == SAMPLE_BYTES)


def _is_utf8(sample: bytes) -> bool:
    """Nearly every sample is: to decode it takes a hundredth of the time that counting characters does."""
    try:
        return not codecs.getincrementaldecoder("utf-8")().decode(sample).isascii()
    except UnicodeDecodeError:
        return False


def legacy_encoding(sample: bytes) -> str:
    """Windows Western where every byte has a meaning there, otherwise Latin-1, where every byte has one."""
    return "latin-1" if _UNDEFINED_IN_CP1252.search(sample) else "cp1252"
