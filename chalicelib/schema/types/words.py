"""Booleans and choices: fields of few words, each with its spellings.

Booleans are read in many languages, as far as a word means the same in all of them: Russian `да` and Czech `ne` are,
`x` and `o`, which are a tick in one country and a cross in another, are not. Spreadsheets write their own words for
true and false in the language of the machine (`WAHR`, `VRAI`), which are read, too. Words that the caller states win.
"""

import re
import unicodedata
from collections.abc import Mapping

from chalicelib.model.invisible_characters import visible
from chalicelib.model.limits import Limits
from chalicelib.model.notations import AS_WRITTEN, Notation
from chalicelib.model.problem_codes import ProblemCode
from chalicelib.model.resources import Field, squeezed
from chalicelib.schema.types.value_reader import InvalidValue, ValueReader, as_visible

_TRUE = (
    *("true", "yes", "y", "on", "1", "t"),
    *("ja", "wahr", "oui", "vrai", "sí", "si", "sì", "verdadero", "vero", "sim", "verdadeiro", "waar", "sant", "sand"),
    *("tak", "prawda", "ano", "áno", "pravda", "igen", "igaz", "da", "adevărat", "kyllä", "tosi", "jah", "jā", "taip"),
    *("evet", "doğru", "ya", "có", "да", "истина", "так", "ναι", "αληθής", "כן", "نعم", "بله", "हाँ", "हां", "ใช่"),
    *("はい", "真", "是", "예", "네"),
)
_FALSE = (
    *("false", "no", "n", "off", "0", "f"),
    *("nein", "falsch", "non", "faux", "falso", "não", "nao", "nee", "onwaar", "nej", "nei", "falskt", "falsk"),
    *("nie", "fałsz", "ne", "nepravda", "nem", "hamis", "nu", "fals", "ei", "epätosi", "nē"),
    *("hayır", "hayir", "yanlış", "tidak", "không", "нет", "ложь", "ні", "не", "όχι", "ψευδής", "לא", "لا", "خیر"),
    *("नहीं", "ไม่ใช่", "いいえ", "偽", "假", "否", "아니요", "아니오"),
)


def folded(word: str) -> str:
    """Returns a word as it is compared: composed, without case. The dotted capital I of Turkish is folded to a plain
    i."""
    return unicodedata.normalize("NFC", word.casefold().replace("i\u0307", "i"))


_BOOLEANS = dict.fromkeys(map(folded, _TRUE), True) | dict.fromkeys(map(folded, _FALSE), False)

_NUMBERED = re.compile(r"\d{1,2}\s?[-–:.)]\s?(\D.*)", re.ASCII)
"""A choice behind the number by which its system sorts it."""

_LONGEST_WORD = 255
"""Characters of the longest word; longer texts are not looked up."""


def boolean_reader(field: Field, limits: Limits, notation: Notation) -> ValueReader:
    """Returns the reader of a boolean field."""
    known = _BOOLEANS | dict.fromkeys(map(folded, notation.true_words), True)
    known |= dict.fromkeys(map(folded, notation.false_words), False)
    known |= {folded(visible(word).strip()): bool(meant) for word, meant in notation.words.items()}

    def read(value: object) -> bool:
        if isinstance(value, bool):
            return value
        text = as_visible(value, "true or false")
        found = known.get(folded(text)) if len(text) <= _LONGEST_WORD else None
        if found is None:
            raise InvalidValue(ProblemCode.INVALID_BOOLEAN)
        return found

    return read


def choice_reader(field: Field, limits: Limits, notation: Notation = AS_WRITTEN) -> ValueReader:
    """Returns the reader of a field with declared choices."""
    stated = {squeezed(word): str(meant) for word, meant in notation.words.items()}
    exact = frozenset(choice for choice in field.choices if squeezed(choice) not in stated)
    spelled = {squeezed(word): choice for word, choice in field.choice_aliases.items()}
    spelled |= {squeezed(choice): choice for choice in field.choices} | stated
    names = ", ".join(field.choices)

    def read(value: object) -> str:
        text = as_visible(value, "text")
        if text in exact:
            return text
        choice = _find_choice(spelled, text) if len(text) <= _LONGEST_WORD else None
        if choice is None:
            raise InvalidValue(ProblemCode.NOT_A_CHOICE, choices=names)
        return choice

    return read


def _find_choice(spelled: Mapping[str, str], text: str) -> str | None:
    """Looks up the words, also those behind a number, as in `2 - High`."""
    numbered = _NUMBERED.fullmatch(text)
    return spelled.get(squeezed(text)) or (spelled.get(squeezed(numbered[1])) if numbered else None)
