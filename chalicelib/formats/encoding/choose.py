"""Decides which encoding a source has, from its first bytes.

Certain are a byte order mark, what the caller states, and bytes beyond ASCII that are valid UTF-8. Unicode of two or
four bytes a character that bears no mark is told by what such a reading makes of it: a table has line ends and
delimiters whatever its language, and each of them is an ASCII character next to a NUL. Text of 8 bits is judged by its
words (`eight_bit`): either one encoding is certain, and said to be guessed, or several are named and nothing is read.
Pure ASCII is undecided, which is read as UTF-8: bytes that come later and are not UTF-8 fail their rows. See
docs/adr/0010.
"""

import codecs
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from chalicelib.errors import Refused
from chalicelib.formats.encoding.eight_bit import likely_encodings

SAMPLE_BYTES = 256 << 10
"""How much of a source is looked at before reading starts."""
EVIDENCE_BYTES = 16 << 20
"""How much of it where the sample does not say how it is encoded."""
TAIL_BYTES = 1 << 20
"""How much of the end of a source that is split is looked at, where its beginning does not say."""

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
"""UTF-32 before UTF-16: the mark of UTF-16-LE is the beginning of that of UTF-32-LE."""

_WITHOUT_ORDER = frozenset({"utf-16", "utf-32"})
_NOT_FOR_TEXT = frozenset(
    {"idna", "punycode", "undefined", "unicode_escape", "raw_unicode_escape", "utf-7", "mbcs", "oem"}
)

_BEYOND_ASCII = re.compile(rb"[\x80-\xff]")
_UTF8_CHARACTER = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}",
)
_UTF8_RUN = re.compile(rb"(?<![\x80-\xff])(?:" + _UTF8_CHARACTER.pattern + rb")++(?![\x80-\xff])")
"""All that is beyond ASCII between two ASCII characters."""
_ESCAPE = b"\x1b$"
_NEARLY_ALL = 3
_BY_ESCAPES = ("iso2022_jp", "iso2022_jp_ext", "iso2022_kr")
"""Seven bits: what is beyond ASCII stands between escapes."""

_NAMES = ("utf-32-le", "utf-32-be", "utf-16-le", "utf-16-be")
_LOOKED_AT_BYTES = 8192
_LEAST_ASCII = 0.04
"""Of all characters: line ends, delimiters, digits. A list in Chinese has about one in eight."""
_MOST_STRANGE = 0.02
_STRANGE = frozenset({"Cc", "Cn", "Co", "Cs"})
_ORDINARY_CONTROLS = "\t\n\r"


@dataclass(frozen=True, slots=True)
class Encoding:
    """The encoding of a source, with how sure it is."""

    name: str
    is_guessed: bool = False
    is_undecided: bool = False
    """Only ASCII was seen: UTF-8, unless the end of the source shows another."""
    candidates: tuple[str, ...] = ()
    """Where it is uncertain: all that may be meant, the best first. Nothing may be read then."""
    mark_bytes: int = 0
    """The length of the byte order mark, which is not part of the text."""

    @property
    def is_bytewise(self) -> bool:
        """Returns whether a byte below 128 is that ASCII character wherever it stands."""
        return self.name == "utf-8" or _is_of_single_bytes(self.name)


@lru_cache(maxsize=16)
def _is_of_single_bytes(name: str) -> bool:
    decoder = codecs.getincrementaldecoder(name)("replace")
    texts = [decoder.decode(bytes([byte])) for byte in range(256)]
    return all(len(text) == 1 for text in texts) and "".join(texts[:128]) == bytes(range(128)).decode("ascii")


def check_encoding(name: str) -> Encoding:
    """Returns the encoding that a caller states, under Python's name. Raises Refused `unsupported_encoding`."""
    try:
        found = codecs.lookup(name)
        "a,b\n".encode(found.name)
    except (LookupError, UnicodeError, ValueError) as error:
        raise _unsupported(name) from error
    if found.name.replace("-", "_") in {one.replace("-", "_") for one in _NOT_FOR_TEXT}:
        raise _unsupported(name)
    return Encoding({"utf-8-sig": "utf-8"}.get(found.name, found.name))


def resolve_stated_encoding(name: str, sample: bytes) -> Encoding:
    """Returns the stated encoding as it holds for this source: UTF-16 and UTF-32 leave the order of the bytes to it.
    Raises Refused `unsupported_encoding`."""
    stated = check_encoding(name)
    if stated.name not in _WITHOUT_ORDER:
        return stated
    for mark, ordered in _MARKS:
        if ordered.startswith(stated.name) and sample.startswith(mark):
            return Encoding(ordered, mark_bytes=len(mark))
    wide = detect_wide_encoding(sample)
    return Encoding(wide if wide and wide.startswith(stated.name) else f"{stated.name}-le")


def _unsupported(name: str) -> Refused:
    message = f"The encoding {name[:40]!r} is not supported. Save the file as UTF-8, or name another, such as cp1252."
    return Refused("unsupported_encoding", message, param="encoding", encoding=name[:40])


def detect_encoding(sample: bytes) -> Encoding:
    """Returns what the first bytes of a source say, or all of them."""
    for mark, name in _MARKS:
        if sample.startswith(mark):
            return _marked_encoding(sample, name, len(mark))
    wide = detect_wide_encoding(sample)
    if wide:
        return Encoding(wide, is_guessed=True)
    if sample.isascii():
        return _encoding_of_ascii(sample)
    if _is_mostly_utf8(sample):
        return Encoding("utf-8")
    return _judged_encoding(sample)


def _encoding_of_ascii(sample: bytes) -> Encoding:
    names = (name for name in _BY_ESCAPES if _ESCAPE in sample and _decodes(sample, name))
    name = next(names, None)
    return Encoding(name, is_guessed=True) if name else Encoding("utf-8", is_undecided=True)


def _judged_encoding(sample: bytes) -> Encoding:
    """Returns the encoding of text of 8 bits, judged by the lines that are whole."""
    is_cut = len(sample) >= SAMPLE_BYTES and b"\n" in sample
    names = likely_encodings(sample[: sample.rfind(b"\n") + 1] if is_cut else sample)
    if len(names) == 1:
        return Encoding(names[0], is_guessed=True)
    return Encoding(names[0] if names else "cp1252", is_guessed=True, candidates=names or ("cp1252",))


def _marked_encoding(sample: bytes, name: str, mark_bytes: int) -> Encoding:
    """Returns what the byte order mark says, unless it is half of one: some programs write two bytes of it before
    UTF-32, even swapped."""
    rest = detect_wide_encoding(sample[mark_bytes:]) if name.startswith("utf-16") else None
    is_half = rest is not None and rest.startswith("utf-32")
    return Encoding(rest if rest and is_half else name, is_guessed=is_half, mark_bytes=mark_bytes)


def _is_mostly_utf8(sample: bytes) -> bool:
    """Returns whether at least half of what is beyond ASCII is valid UTF-8 from one ASCII character to the next, or
    nearly all of it by character, which other text never is by chance: half of the bytes of two or three Chinese or
    Japanese names may be valid, too. Broken bytes, and rows in another encoding, are those rows' problems."""
    if _decodes(sample, "utf-8"):
        return True
    beyond = len(_BEYOND_ASCII.findall(sample))
    good = sum(map(len, _UTF8_CHARACTER.findall(sample)))
    bad = beyond - good
    if good > _NEARLY_ALL * bad or (good > 0 and bad <= 3 and len(sample) >= SAMPLE_BYTES):
        return True
    return 2 * sum(map(len, _UTF8_RUN.findall(sample))) >= beyond


def _decodes(sample: bytes, name: str) -> bool:
    """Returns whether the sample can be decoded, but for a character that its end cuts, and holds anything beyond
    ASCII. To decode takes a hundredth of the time that counting characters does."""
    try:
        return not codecs.getincrementaldecoder(name)().decode(sample).isascii()
    except UnicodeDecodeError:
        return False


def detect_wide_encoding(sample: bytes) -> str | None:
    """Returns Python's name, such as utf-16-le, for a sample in Unicode of two or four bytes a character; None for any
    other.

    Read in the wrong order, or where the text has 8 bits, the same bytes are no characters at all, or neither line ends
    nor delimiters.
    """
    if b"\0" not in sample[:_LOOKED_AT_BYTES]:
        return None
    shares = {name: _share_of_ascii(sample[:_LOOKED_AT_BYTES], name) for name in _NAMES}
    best = max(shares, key=lambda name: shares[name])
    return best if shares[best] >= _LEAST_ASCII else None


def _share_of_ascii(start: bytes, name: str) -> float:
    """Returns the share of ASCII, from 0 to 1, among the characters of a plausible text with a line end, a delimiter or
    an object of JSON; 0 for anything else."""
    try:
        text = codecs.getincrementaldecoder(name)().decode(start)
    except UnicodeDecodeError:
        return 0.0
    if not any(sign in text for sign in "\n\r,;\t|{"):
        return 0.0
    strange = sum(one not in _ORDINARY_CONTROLS and unicodedata.category(one) in _STRANGE for one in text)
    return 0.0 if strange > _MOST_STRANGE * len(text) else sum(one < "\x7f" for one in text) / len(text)
