"""Judges how plausible words are as words that people write: what no name, city or note looks like, and whose letters
it has.

In come words as one encoding reads them; out go shares of them. Wrong encodings betray themselves by symbols within
words, scripts mixed in a word, capitals behind small letters, and letters of several alphabets: a list of customers is
written in one language or a few, and a reading such as `Dvoøák` where `Dvořák` is meant uses letters that belong to no
one alphabet.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache

_WEIGHTS = {"Icelandic": 0.7}
"""Few people write it, but its letters stand where Turkish and the Baltic languages have theirs in other encodings."""

_NO_ELISION = re.compile("[a-z]’[b-dfgj-np-tv-xz][a-z]{2}|^’[\u0370-\u03ff]")
_TYPOGRAPHY = re.compile(
    "[a-z]’(?:s|t|re|ve|ll|d|m)$|^(?:[a-zA-Z]|qu|Qu)’[a-zA-Zà-ÿ]|^[“„‘«][a-zA-Zà-ÿ]|^[–—€]$|^[€£][0-9]|[0-9]€$"
)
_AFTER_WORDS = frozenset("ªº…")
_BESIDE_WORDS = frozenset("€£¥°µ²³½¼¾«»“”‘–—•®©™×±№\u00a0")
_SIGNS: tuple[tuple[frozenset[str], Callable[[bool, bool], bool]], ...] = (
    (frozenset("’´·"), lambda _before, _after: False),
    (frozenset("§¿¡„‚"), lambda is_behind_letter, _after: is_behind_letter),
    (_AFTER_WORDS, lambda _before, is_ahead_of_letter: is_ahead_of_letter),
    (_BESIDE_WORDS, lambda is_behind_letter, is_ahead_of_letter: is_behind_letter and is_ahead_of_letter),
)
"""What people write within, ahead of, behind and beside words, and where it is odd, by what letters are around it."""
_DENSE_SCRIPTS = frozenset({"CJK", "HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA", "HANGUL", "IDEOGRAPHIC", "FULLWIDTH"})
"""Their words follow each other without spaces, and their punctuation is beyond ASCII."""

_ALPHABETS = {
    "German": "äöüß",
    "French": "àâçèéêëîïôœùûüÿ",
    "Spanish": "áéíóúüñ",
    "Catalan": "àçèéíïòóúü",
    "Italian": "àèéìîòù",
    "Portuguese": "áâãàçéêíóôõúü",
    "Dutch": "çéèëïöü",
    "Swedish, Finnish": "åäöéü",
    "Danish, Norwegian": "æøåéòôö",
    "Icelandic": "áðéíóúýþæö",
    "Polish": "ąćęłńóśźż",
    "Czech": "áčďéěíňóřšťúůýž",
    "Slovak": "áäčďéíľňóôšťúýž",
    "Hungarian": "áéíóöőúüű",
    "Romanian": "ăâîșțşţ",
    "Croatian, Slovene": "čćđšž",
    "Estonian": "äõöüšž",
    "Latvian": "āčēģīķļņšūž",
    "Lithuanian": "ąčęėįšųūž",
    "Turkish": "çğıöşüâî\u0307",
    "Russian": "абвгдежзийклмнопрстуфхцчшщъыьэюяё",
    "Ukrainian": "абвгґдежзийклмнопрстуфхцчшщьюяєії",
    "Belarusian": "абвгдеёжзійклмнопрстуўфхцчшыьэюя",
    "Bulgarian": "абвгдежзийклмнопрстуфхцчшщъьюя",
    "Serbian": "абвгдђежзијклљмнњопрстћуфхцчџш",
    "Macedonian": "абвгѓдежзѕијклљмнњопрстќуфхцчџш",
    "Greek": "αβγδεζηθικλμνξοπρστυφχψωςάέήίόύώϊϋΐΰ",
}
"""In lower case. The mark above a dotted capital I stays by itself when that is lowered."""
ALPHABETS = {language: frozenset(letters) for language, letters in _ALPHABETS.items()}
LETTERS = frozenset().union(*ALPHABETS.values())


def share_of_odd(words: Sequence[str]) -> float:
    """Returns the share, from 0 to 1, of words that no language writes. A letter by itself is a word only where longer
    words stand around it."""
    is_of_letters = all(len(word) == 1 for word in words)
    odd = (is_odd(word) or (is_of_letters and _is_lone_letter(word)) for word in words)
    return sum(odd) / len(words) if words else 0.0


def share_of_typography(words: Sequence[str]) -> float:
    """Returns the share, from 0 to 1, of words that hold a sign of typography where writers put it: `don’t`, `l’été`,
    `“so`."""
    return sum(bool(_TYPOGRAPHY.search(word)) for word in words) / len(words) if words else 0.0


def _is_lone_letter(word: str) -> bool:
    return len(word) == 1 and word.isalpha() and _script(word) not in _DENSE_SCRIPTS


def home_alphabets(words: Iterable[str]) -> frozenset[str]:
    """Returns the languages that can write the most of the words; more than one where they tie."""
    shares = _shares(words)
    most = max(shares.values(), default=0.0)
    return frozenset(language for language, share in shares.items() if share == most)


def share_in_alphabets(words: Sequence[str], home: frozenset[str]) -> float:
    """Returns, from 0 to 1, how well the words fit alphabets: the mean of three shares, since a list may hold names
    from everywhere: how many words some language can write, how many one language can, and how many that of the whole
    text can."""
    fits = _fits(words)
    if not fits:
        return 1.0
    one = max(_shares(words).values())
    return (sum(map(max, fits)) / len(fits) + one + share_at_home(words, home)) / 3


def share_at_home(words: Iterable[str], home: frozenset[str]) -> float:
    """Returns the share, from 0 to 1, of words that a language of the whole text can write."""
    shares = _shares(words)
    return max((shares[language] for language in home & shares.keys()), default=1.0)


def are_of_some_language(words: Sequence[str]) -> bool:
    """Returns whether nothing speaks against any of the words: each may be a word, and some language can write it."""
    return not any(map(is_odd, words)) and all(map(max, _fits(words)))


def _shares(words: Iterable[str]) -> dict[str, float]:
    """Returns the share of words that each language can write; empty where no word has letters that are known here."""
    fits = _fits(words)
    return {
        language: sum(column) / len(fits) for language, column in zip(ALPHABETS, zip(*fits, strict=True), strict=False)
    }


def _fits(words: Iterable[str]) -> list[tuple[float, ...]]:
    """Returns how well each word with letters that are known here fits each alphabet."""
    return [fit for word in words if (fit := _fit(word))]


@lru_cache(maxsize=4096)
def _fit(word: str) -> tuple[float, ...]:
    letters = _letters(word)
    each = ALPHABETS.items()
    return tuple(_WEIGHTS.get(language, 1.0) * (letters <= alphabet) for language, alphabet in each if letters)


def _letters(word: str) -> frozenset[str]:
    """Returns the letters beyond ASCII in a word; empty for scripts without an alphabet here: for Thai, Arabic or
    Chinese only other signs count."""
    letters = frozenset(one for one in word.lower() if one > "\x7f" and (one.isalpha() or one == "\u0307"))
    letters -= _AFTER_WORDS | _BESIDE_WORDS
    return letters if letters & LETTERS or any(_script(one) == "LATIN" for one in letters) else frozenset()


@lru_cache(maxsize=4096)
def is_odd(word: str) -> bool:
    """Returns whether any character beyond ASCII stands where no language puts it."""
    around = ["", *word, ""]
    return bool(_NO_ELISION.search(word)) or any(
        character > "\x7f" and _is_odd_between(before, character, after)
        for before, character, after in zip(around, around[1:], around[2:], strict=False)
    )


def _is_odd_between(before: str, character: str, after: str) -> bool:
    for signs, is_odd_there in _SIGNS:
        if character in signs:
            return is_odd_there(before.isalpha(), after.isalpha())
    if character.isalpha():
        return _is_odd_letter(before, character, after)
    if unicodedata.category(character) == "Mn":
        return not (before.isalpha() or unicodedata.category(before or " ") == "Mn")
    return not any(_has_own_signs(one) for one in (before, after))


def _is_odd_letter(before: str, letter: str, after: str) -> bool:
    if any(_is_mixed(letter, other) for other in (before, after)):
        return True
    if letter.isupper():
        return before.islower() or (before.isupper() and after.islower())
    return letter.islower() and letter != "ß" and before.isupper() and after.isupper()


def _is_mixed(letter: str, other: str) -> bool:
    """Returns whether two neighbouring letters are of scripts that do not meet in a word."""
    ours, theirs = _script(letter), _script(other)
    if not theirs or ours == theirs:
        return False
    if ours in _DENSE_SCRIPTS and theirs in _DENSE_SCRIPTS:
        return "HANGUL" in {ours, theirs}
    return not (ours in _DENSE_SCRIPTS and theirs == "LATIN" and other.isupper())


def _has_own_signs(character: str) -> bool:
    """Returns whether a character is of a script whose punctuation and vowel signs are beyond ASCII too."""
    is_of_east = "\u3000" <= character <= "\u30ff" or "\uff00" <= character <= "\uffef"
    return is_of_east or _script(character) in _DENSE_SCRIPTS | {"THAI", "ARABIC", "HEBREW"}


@lru_cache(maxsize=4096)
def _script(character: str) -> str:
    """Returns the first word of a letter's name, such as LATIN; empty for anything else."""
    return unicodedata.name(character, "?").split(" ")[0] if character.isalpha() else ""
