"""The words that headers are made of, each with the concepts it may stand for; read once from the catalogue's texts.

Words are compared squeezed: without case, accents, spaces and punctuation, so that `E-Mail Adresse`, `e_mail_adresse`
and `EMailAdresse` are one.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from chalicelib.model import catalogue

FOLDER = Path(catalogue.__file__).parent / "words"
"""Where the catalogue keeps its words."""

_HUMPS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_ACCENTS = re.compile("[\u0300-\u036f]")
_WORD = re.compile(r"[a-z]+|\d+|[#%€$£〒]|[^\W\d_a-z]+")
_UNDECOMPOSED = str.maketrans({"ı": "i", "ł": "l", "ø": "o", "đ": "d", "æ": "ae", "œ": "oe"})


def words_in(text: str) -> list[str]:
    """Returns the words of a text, folded: camel case, digits and signs divide them."""
    spaced = _HUMPS.sub(" ", unicodedata.normalize("NFKC", text))
    plain = _ACCENTS.sub("", unicodedata.normalize("NFD", spaced.casefold()))
    return _WORD.findall(unicodedata.normalize("NFC", plain).translate(_UNDECOMPOSED))


@cache
def lexicon() -> Mapping[str, Mapping[str, frozenset[str]]]:
    """Returns what each squeezed word may stand for: concepts, each with the languages in which it does."""
    found: dict[str, dict[str, set[str]]] = {}
    for concept, language, phrase in _each_phrase():
        found.setdefault("".join(words_in(phrase)), {}).setdefault(concept, set()).add(language)
    return {
        word: {concept: frozenset(languages) for concept, languages in concepts.items()}
        for word, concepts in found.items()
    }


@cache
def longest_word() -> int:
    """Returns the number of characters of the longest word."""
    return max(map(len, lexicon()))


def _each_phrase() -> Iterator[tuple[str, str, str]]:
    for path in sorted(FOLDER.glob("*.txt")):
        if path.name != "fields.txt":
            yield from _each_phrase_of(path)


def _each_phrase_of(path: Path) -> Iterator[tuple[str, str, str]]:
    """Yields concept, language and phrase."""
    concept = ""
    for line in path.read_text("utf-8").splitlines():
        name, colon, phrases = line.partition(":")
        if colon and not line.startswith("#"):
            yield from ((concept, name.strip(), phrase.strip()) for phrase in phrases.split(","))
        elif line.strip():
            concept = line.strip()
