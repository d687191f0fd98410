"""Texts and ids: kept as given, without space and invisible characters at both ends; ids and codes have none inside
either."""

import re

from chalicelib.model.invisible_characters import trimmed, visible
from chalicelib.model.limits import Limits
from chalicelib.model.problem_codes import ProblemCode
from chalicelib.model.resources import Field
from chalicelib.schema.types.value_reader import InvalidValue, ValueReader, as_text

_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")
"""Control characters but tab and line ends, and surrogates, which UTF-8 cannot carry."""

_ID = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._:-]{0,127}")
"""Starts with a letter, digit or underscore, so that no id reads as a path or an option."""


def is_storable(text: str) -> bool:
    # isprintable looks at a text many times faster than the pattern does, and nearly every text is printable.
    """Returns whether the text has neither control characters, other than tab and line ends, nor surrogates."""
    return text.isprintable() or not _FORBIDDEN.search(text)


def text_reader(field: Field, limits: Limits) -> ValueReader:
    """Returns the reader of a field of texts."""
    limit = field.max_length or limits.text_characters
    freed = _freed if field.is_code else trimmed

    def read(value: object) -> str:
        text = freed(value) if isinstance(value, str) else as_text(value, "text")
        if len(text) > limit:
            raise InvalidValue(ProblemCode.TOO_LONG, limit=limit)
        if not is_storable(text):
            raise InvalidValue(ProblemCode.INVALID_TEXT)
        if not text:
            raise InvalidValue(ProblemCode.REQUIRED)
        return text

    return read


def _freed(text: str) -> str:
    return visible(text).strip()


def is_certain_id(text: str) -> bool:
    """Returns whether the text is an id as it stands."""
    return _ID.fullmatch(text) is not None


def id_reader(field: Field, limits: Limits) -> ValueReader:
    """Returns the reader of a field of ids."""

    def read(value: object) -> str:
        text = _freed(value) if isinstance(value, str) else as_text(value, "an id")
        if not is_certain_id(text):
            raise InvalidValue(ProblemCode.INVALID_ID)
        return text

    return read
