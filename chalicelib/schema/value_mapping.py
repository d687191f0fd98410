"""What words of a source are stated to mean: {"status": {"paused": "inactive"}}, by field and word.

Such words go before those that are known, and are compared like these: without case, spaces and invisible characters.
"""

from collections.abc import Mapping

from chalicelib.errors import Refused
from chalicelib.model.invisible_characters import is_blank
from chalicelib.model.limits import DEFAULT_LIMITS
from chalicelib.model.problems import quoted
from chalicelib.model.resources import Field, FieldType, Resource, squeezed

ValueMapping = Mapping[str, Mapping[str, str | bool]]
"""By field and word, what the word means: a choice of the field, or true or false."""


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
