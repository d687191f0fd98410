"""Judges which encodings a text of 8 bits may have, from its words beyond ASCII: one where it is certain, else the
candidates.

chardet says how well the lines fit the languages that are written in an encoding. What it cannot know is weighed on
top: which words no language writes (`plausibility`), and which encodings people send. Two decodings are compared by the
words in which they differ, and by nothing else: where they read the same there is nothing to decide. See docs/adr/0010.
"""

import codecs
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from chalicelib.formats.encoding.plausibility import (
    are_of_some_language,
    home_alphabets,
    share_at_home,
    share_in_alphabets,
    share_of_odd,
    share_of_typography,
)

MARGIN = 1.4
"""How many times as plausible as any other reading one must be to be certain. Measured: docs/formats.md."""
_FEW = 0.4
"""More is asked of a single word, by as much of the margin; of ten words by a tenth of that."""
SHOWN_CANDIDATES = 4
_COMPARED = 7
_LINES_LOOKED_AT = 50_000
_LINES_BYTES = 48 << 10
_WORDS = 800
_ODD_WEIGHT = 8.0
_MOST_ODD = 0.6
_ALPHABET_POWER = 2
_HOPELESS = 1 / 60
"""Of the best score: readings below it are not compared."""
_LEAST_CONFIDENCE = 0.02
"""Added to every confidence in few words, which chardet gives none at all now and then."""

_PLAIN = frozenset({"cp1252", "cp1250"})
_HALF_TRUST_WORDS = 2
"""Lists of names from all over the West are sent most. Where they could be read as such, names from all over the East
are not certain; words in the language of the whole text are, if there are more than a few: this many count half."""

_USUAL, _RARE = 1.0, 0.6
_WEIGHTS = {
    "cp1252": 2.0,
    "cp1250": _USUAL,
    "cp1251": _USUAL,
    "cp1253": _USUAL,
    "cp1254": _USUAL,
    "cp1255": _USUAL,
    "cp1256": _USUAL,
    "cp1257": _USUAL,
    "cp1258": _RARE,
    "cp874": _USUAL,
    "cp932": _USUAL,
    "euc_jp": 4.5,
    "gb18030": _USUAL,
    "big5hkscs": _USUAL,
    "cp949": _USUAL,
    "iso8859-1": _USUAL,
    "iso8859-2": _RARE,
    "iso8859-5": _RARE,
    "iso8859-6": _RARE,
    "iso8859-7": _RARE,
    "iso8859-8": _RARE,
    "iso8859-9": _USUAL,
    "iso8859-13": _RARE,
    "iso8859-15": _USUAL,
    "koi8-r": _RARE,
    "koi8-u": _RARE,
    "mac-roman": 1.3,
    "mac-cyrillic": _RARE,
    "mac-latin2": 0.4,
    "cp437": _RARE,
    "cp850": _RARE,
    "cp852": _RARE,
    "cp866": _RARE,
}
"""Every encoding that is recognised, by Python's name, with how often people send it: Windows' own most. Two weights
have another reason. Names in kanji look Chinese to chardet, so EUC-JP gets more than its share; and a word or two of a
Mac's text often make sense as Windows text, so that they should rather be uncertain."""
_CLAIMS = {"mac-roman": 0.5}
"""Of the weight, what counts where the encoding itself is to be certain."""

_CHARDET_NAMES = {"euc_jp": "euc_jis_2004"}
_WORD = re.compile(rb"[0-9@-\xff]*[\x80-\xff][0-9@-\xff]*")
"""No byte below 0x30 and none of `:;<=>?` is half of a character in any of the encodings."""
_BEYOND_ASCII = re.compile(rb"[\x80-\xff]")
_LINE_END = re.compile(rb"[\r\n]")
_BEYOND_ASCII_RUN = re.compile(rb"[\x80-\xff]+")
_EUC_KATAKANA = re.compile(rb"(?:[\x00-\x7f]|(?<![a-zA-Z])\x8e[\xa1-\xdf](?![a-zA-Z]))+")
_KATAKANA = re.compile(
    rb"(?:[\x00-\x7f]|(?<![a-zA-Z])[\xa1-\xa6\xb1-\xdd](?![a-zA-Z])|(?<=[\xa6-\xdf])[\xa7-\xb0](?![a-zA-Z])"
    rb"|(?<=[\xb3\xb6-\xc4\xca-\xce])\xde(?![a-zA-Z])|(?<=[\xca-\xce])\xdf(?![a-zA-Z]))+"
)
"""Of half width: small letters and long vowels stand behind any, marks of voice behind those that have them."""
_VOICED = re.compile(rb"[\xb3\xb6-\xc4\xca-\xce][\xde\xdf]")
_A_TO_SO = re.compile(rb"[\xb1-\xbf]")
"""A third of all katakana, and next to no letters of other scripts whose other bytes could be katakana."""


@dataclass(frozen=True)
class _Decoding:
    """The words of the sample as one encoding reads them."""

    encoding: str
    confidence: float
    """Chardet's, from 0 to 1: how much the lines look like a language written in the encoding."""
    words: tuple[str, ...]

    @cached_property
    def home(self) -> frozenset[str]:
        return home_alphabets(self.words)

    @cached_property
    def score(self) -> float:
        """Returns how plausible the decoding is by all its words."""
        return self.score_at(range(len(self.words)))

    def score_at(self, places: Sequence[int]) -> float:
        """Returns how plausible the decoding is by the words at these places."""
        words = [self.words[place] for place in places]
        odd = math.exp(-_ODD_WEIGHT * min(share_of_odd(words), _MOST_ODD))
        alphabet = share_in_alphabets(words, self.home) ** _ALPHABET_POWER
        typography = 1 + share_of_typography(words)
        return self.confidence * odd * alphabet * typography * _WEIGHTS[self.encoding]


def likely_encodings(sample: bytes) -> tuple[str, ...]:
    """Returns the encodings that the sample may have, by Python's names, the best first: exactly one where it is
    certain, none where nothing can read the sample. The sample should end with a line."""
    lines = lines_beyond_ascii(sample)
    katakana = _encoding_of_katakana(lines)
    if katakana:
        return (katakana,)
    raw = list(dict.fromkeys(_WORD.findall(lines)))[:_WORDS]
    readings = _different(_readings(lines, raw))[:_COMPARED]
    for one in readings:
        if not _is_nonsense(one) and all(_is_certain(one, other, raw) for other in readings if other is not one):
            return (one.encoding,)
    return tuple(one.encoding for one in readings[:SHOWN_CANDIDATES])


def _is_nonsense(one: _Decoding) -> bool:
    """Returns whether most words are written in no language: then an encoding is meant that is not known here, though
    the others are worse."""
    return share_of_odd(one.words) > _MOST_ODD


def _encoding_of_katakana(lines: bytes) -> str | None:
    """Returns the encoding of a text in nothing but katakana of half width, as banks of Japan write names, because
    chardet rules its encodings out; None for any other text."""
    if _EUC_KATAKANA.fullmatch(lines):
        return "euc_jp"
    if not _KATAKANA.fullmatch(lines) or not _VOICED.search(lines):
        return None
    runs = _BEYOND_ASCII_RUN.findall(lines)
    is_of_pairs = all(len(run) % 2 == 0 for run in runs)
    is_likely = len(_A_TO_SO.findall(lines)) * 5 >= len(_BEYOND_ASCII.findall(lines))
    return "cp932" if is_likely and not is_of_pairs else None


def _is_certain(one: _Decoding, other: _Decoding, raw: Sequence[bytes]) -> bool:
    places = [at for at, word in enumerate(one.words) if word != other.words[at]]
    confidences = _confidences(b" ".join(raw[at] for at in places))
    ours, theirs = (
        reading.score_at(places) * (confidences.get(reading.encoding, 0.0) + _LEAST_CONFIDENCE)
        for reading in (one, other)
    )
    claim = _CLAIMS.get(one.encoding, 1.0) * _trust(one, other, places)
    return ours * claim >= MARGIN * (1 + _FEW / max(1, len(places))) * theirs


def _trust(one: _Decoding, other: _Decoding, places: Sequence[int]) -> float:
    """Returns, from 0 to 1, how far a decoding is believed where another, which people send more, makes sense too."""
    if one.encoding == "cp1252" or other.encoding not in _PLAIN:
        return 1.0
    if not are_of_some_language([other.words[at] for at in places]):
        return 1.0
    at_home = share_at_home([one.words[at] for at in places], one.home)
    return len(places) / (len(places) + _HALF_TRUST_WORDS) * at_home**2


def lines_beyond_ascii(sample: bytes) -> bytes:
    """Returns the different lines that say something about the encoding, up to 48 KiB of them; of a sample with
    ever the same lines, those among the first 50,000."""
    lines: dict[bytes, None] = {}
    missing, position = _LINES_BYTES, 0
    for _ in range(_LINES_LOOKED_AT):
        found = _BEYOND_ASCII.search(sample, position) if missing > 0 else None
        if found is None:
            break
        start = _line_start(sample, position, found.start())
        position = ending.start() if (ending := _LINE_END.search(sample, found.start())) else len(sample)
        line = sample[start:position][:missing]
        missing -= 0 if line in lines else len(line) + 1
        lines[line] = None
    return b"\n".join(lines)


def _line_start(sample: bytes, end_before: int, position: int) -> int:
    """Returns where the line of this position begins, which lies behind the end of a line before; so that no byte is
    looked at for every line of the sample."""
    return max(end_before, *(sample.rfind(end, end_before, position) + 1 for end in (b"\n", b"\r")))


def _readings(lines: bytes, raw: Sequence[bytes]) -> list[_Decoding]:
    """Returns what each encoding makes of the words, the best first."""
    readings = [
        _Decoding(encoding, confidence, tuple(word.decode(encoding, "replace") for word in raw))
        for encoding, confidence in _confidences(lines).items()
    ]
    return sorted(readings, key=lambda one: one.score, reverse=True)


def _different(readings: Sequence[_Decoding]) -> list[_Decoding]:
    """Returns the decodings without hopeless ones, and without those that read the same as a better one."""
    best = {one.words: one for one in reversed(readings)}
    return [one for one in readings if best[one.words] is one and one.score > _HOPELESS * readings[0].score]


def _confidences(text: bytes) -> Mapping[str, float]:
    """Returns chardet's confidence, from 0 to 1, in each encoding that it does not rule out."""
    import chardet  # noqa: PLC0415  half a second of a cold start that only texts in other encodings than UTF-8 need

    names = {codecs.lookup(_CHARDET_NAMES.get(name, name)).name: name for name in _WEIGHTS}
    found = chardet.detect_all(text, ignore_threshold=True, include_encodings=list(names), compat_names=False)
    confidences = {
        names[codecs.lookup(one["encoding"]).name]: one["confidence"] for one in found if one["encoding"] is not None
    }
    latin = confidences.pop("iso8859-1", 0.0)
    return {"cp1252": latin, **confidences} if latin else confidences
