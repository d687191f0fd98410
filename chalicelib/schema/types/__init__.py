"""Reads single values: text of a cell or a JSON value goes in, the canonical value comes out.

The field's declared type alone decides; nothing is guessed from content. The reader of a type takes what was given and
returns a plain JSON value, or raises `InvalidValue`. Every reader is linear in the length of its input.
"""

from collections.abc import Callable, Mapping

from chalicelib.model.limits import Limits
from chalicelib.model.notations import AS_WRITTEN, Notation
from chalicelib.model.resources import Field, FieldType
from chalicelib.schema.types.dates import date_reader
from chalicelib.schema.types.datetimes import datetime_reader
from chalicelib.schema.types.emails import email_reader
from chalicelib.schema.types.lists import list_reader
from chalicelib.schema.types.maps import map_reader
from chalicelib.schema.types.numbers import decimal_reader, integer_reader
from chalicelib.schema.types.phones import phone_reader
from chalicelib.schema.types.text import id_reader, text_reader
from chalicelib.schema.types.urls import url_reader
from chalicelib.schema.types.value_reader import ValueReader
from chalicelib.schema.types.words import boolean_reader, choice_reader

READERS: Mapping[FieldType, Callable[[Field, Limits], ValueReader]] = {
    FieldType.TEXT: text_reader,
    FieldType.EMAIL: email_reader,
    FieldType.PHONE: phone_reader,
    FieldType.URL: url_reader,
    FieldType.ID: id_reader,
    FieldType.MAP: map_reader,
}
"""By type, what makes the reader of a field whose values are written in one way only."""

NOTED_READERS: Mapping[FieldType, Callable[[Field, Limits, Notation], ValueReader]] = {
    FieldType.INTEGER: integer_reader,
    FieldType.DECIMAL: decimal_reader,
    FieldType.BOOLEAN: boolean_reader,
    FieldType.CHOICE: choice_reader,
    FieldType.DATE: date_reader,
    FieldType.DATETIME: datetime_reader,
    FieldType.LIST: list_reader,
}
"""By type, what makes the reader of a field whose values may be written in several ways."""


def reader_of(field: Field, limits: Limits, notation: Notation = AS_WRITTEN) -> ValueReader:
    """Returns the reader of one field; it is made once and called for every row."""
    if field.type in NOTED_READERS:
        return NOTED_READERS[field.type](field, limits, notation)
    return READERS[field.type](field, limits)
