"""What a JSON Schema says of a value where its Python type does not: which words it may be, how long it is."""

from collections.abc import Iterable

from pydantic.json_schema import WithJsonSchema


def one_of(words: Iterable[str]) -> WithJsonSchema:
    """Returns the schema of a text that is one of these words; what checks the text may be kinder."""
    return WithJsonSchema({"type": "string", "enum": list(words)})


def text(shortest: int, longest: int) -> WithJsonSchema:
    """Returns the schema of a text of one line, with its shortest and longest length."""
    return WithJsonSchema({"type": "string", "minLength": shortest, "maxLength": longest, "pattern": LINE})


LINE = "^[^\\x00-\\x1f\\x7f]*$"
"""Without control characters."""
