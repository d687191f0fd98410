"""Booleans and choices: few words, each with its spellings."""

from chalicelib.model.limits import Limits
from chalicelib.model.problem_codes import ProblemCode
from chalicelib.model.resources import Field, squeezed
from chalicelib.rules.values.unreadable import Reader, Unreadable, as_text

_BOOLEANS = dict.fromkeys(("true", "yes", "y", "on", "1", "t"), True) | dict.fromkeys(
    ("false", "no", "n", "off", "0", "f"), False
)

_LONGEST_WORD = 255
"""Longer texts are no choice, and are not worth squeezing."""


def boolean_reader(field: Field, limits: Limits) -> Reader:
    def read(value: object) -> bool:
        if isinstance(value, bool):
            return value
        found = _BOOLEANS.get(as_text(value, "true or false").strip()[:6].lower())
        if found is None:
            raise Unreadable(ProblemCode.INVALID_BOOLEAN)
        return found

    return read


def choice_reader(field: Field, limits: Limits) -> Reader:
    exact = frozenset(field.choices)
    spelled = {squeezed(word): choice for word, choice in field.choice_aliases.items()}
    spelled |= {squeezed(choice): choice for choice in field.choices}
    names = ", ".join(field.choices)

    def read(value: object) -> str:
        text = as_text(value, "text")
        if text in exact:
            return text
        choice = spelled.get(squeezed(text[:_LONGEST_WORD]))
        if choice is None or len(text) > _LONGEST_WORD:
            raise Unreadable(ProblemCode.NOT_A_CHOICE, choices=names)
        return choice

    return read
