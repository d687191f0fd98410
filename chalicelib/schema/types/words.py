"""Booleans and choices: fields of few words, each with its spellings.

Booleans are read in many languages, as far as a word means the same in all of them: Russian `да` and Czech `ne` are,
`x` and `o`, which are a tick in one country and a cross in another, are not. Spreadsheets write their own words for
true and false in the language of the machine (`WAHR`, `VRAI`), which are read, too. Words that the caller states win.
"""

import re
import unicodedata
from collections.abc import Mapping

from chalicelib.errors import Refused
from chalicelib.model.invisible_characters import is_blank, visible
from chalicelib.model.limits import DEFAULT_LIMITS, Limits
from chalicelib.model.notations import AS_WRITTEN, Notation
from chalicelib.model.problem_codes import ProblemCode
from chalicelib.model.problems import quoted
from chalicelib.model.resources import Field, FieldType, Resource, squeezed
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

ValueMapping = Mapping[str, Mapping[str, str | bool]]
"""By field and word, what the word means: a choice of the field, or true or false."""


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


def check_value_mapping(resource: Resource, mapping: ValueMapping) -> None:
    """Raises Refused where a field takes no words, a word is blank or stated twice, or means nothing that the field may
    be; and where there are more than `Limits.value_words` of all fields together.
    """
    takers = {one.name: one for one in resource.fields if one.type in _OF_WORDS and not one.is_computed}
    for name, words in mapping.items():
        if name not in takers:
            known = f"Must be one of {', '.join(takers)}." if takers else f"{resource.name} have none."
            raise _refused(f"{quoted(name)!r} is no field of {resource.name} with choices. {known}")
        _check_words(takers[name], words)
    if sum(map(len, mapping.values())) > DEFAULT_LIMITS.value_words:
        raise _refused(f"At most {DEFAULT_LIMITS.value_words} words.")


_OF_WORDS = (FieldType.CHOICE, FieldType.BOOLEAN)


def _check_words(field: Field, words: Mapping[str, str | bool]) -> None:
    is_choice = field.type is FieldType.CHOICE
    for word, meant in words.items():
        if is_blank(word):
            raise _refused("An empty cell is not given; it cannot stand for a word.")
        if not (meant in field.choices if is_choice else isinstance(meant, bool)):
            known = ", ".join(field.choices) if is_choice else "true, false"
            raise _refused(f"{quoted(word)!r} cannot mean {quoted(meant)} in {field.name!r}. Must be one of {known}.")
    if len({*map(squeezed, words)}) < len(words):
        raise _refused(f"A word of {field.name!r} is stated twice, in another spelling.")


def _refused(message: str) -> Refused:
    return Refused("invalid_parameter", message, param="value_mapping")
