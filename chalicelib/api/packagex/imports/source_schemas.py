"""The schemas of answers about the source of an import, before it is imported and after."""

from typing import Annotated, Literal

from typing_extensions import TypedDict

from chalicelib.api.openapi.schema_words import one_of
from chalicelib.api.packagex.imports.schemas import PackageXFinding
from chalicelib.api.packagex.mapping_suggestions.schemas import PackageXCandidate
from chalicelib.api.packagex.schemas import PackageXEnvelope
from chalicelib.formats import Format
from chalicelib.model.columns import ColumnReason
from chalicelib.model.notations import DateOrder


class PackageXUnreadableSource(TypedDict):
    """Why the source cannot be read as it is stated."""

    code: str
    message: str
    param: str | None
    """The option of `reading` at fault, if it is one."""


class PackageXUnknownWord(TypedDict):
    """A word that a field does not know; `value_mapping` states what it means."""

    field: str
    word: str
    rows: int
    """In how many of the first rows it stands."""


class PackageXSeenDates(TypedDict):
    """What the dates of a column show of the order of day and month; `reading.date_order` states it."""

    order: Annotated[str, one_of(DateOrder)] | None
    """What they prove; null: nothing, or both."""
    proof: str | None
    """A value that can be read in this order only."""
    unclear: str | None
    """A value that could be two dates; where `order` is null, rows with such values fail unless it is stated."""


class PackageXSourceColumn(TypedDict):
    """A column of the source, or a key of its JSON rows."""

    header: str
    field: str | None
    """The field that it feeds, by the options that the import has now; null: none."""
    why: Annotated[str, one_of(ColumnReason)]
    suggested: str | None
    """The field that it should feed; null: leave the column alone."""
    confidence: float
    """Of the suggested field; 0 without one."""
    candidates: list[PackageXCandidate]
    """All fields that it may feed, the surest first."""
    unknown_words: list[PackageXUnknownWord]
    """What stands in the first 1,000 rows and such a field does not know, of fields with choices and of those that are
    true or false, by the options that the import has now; nothing of a column with more than 50 different values."""
    dates: PackageXSeenDates | None
    """How day and month are ordered, where the first 1,000 rows have dates whose year stands last; null: no such
    dates."""


class PackageXSource(TypedDict):
    """What the source of an import looks like, read by the options that the import has now."""

    object: Literal["import_source"]
    id: str
    """Of the import."""
    fault: PackageXUnreadableSource | None
    """Why it cannot be read so: then all below is null or empty, and other options may help."""
    format: Annotated[str, one_of(Format)] | None
    encoding: str | None
    delimiter: str | None
    quote: str | None
    sheet: str | None
    """The sheet that is read."""
    sheets: list[str]
    """All sheets of the workbook, by name."""
    header_row: int | None
    """On which line of a text, or row of a sheet, the header stands, counted from 1."""
    columns: list[PackageXSourceColumn]
    """In their order."""
    rows: list[list[str]]
    """The first rows, 20 at most, each with its cells in the order of the columns, cut to 200 characters."""
    column_mapping: dict[str, str]
    """Header by field, as it is suggested: an import takes it as it is."""
    missing: list[str]
    """Fields that a new record needs and no column feeds, if that is taken."""
    findings: list[PackageXFinding]
    """What is to be said of the source as a whole, as far as its beginning shows it."""


class PackageXSourceAnswer(PackageXEnvelope):
    """The response about the source of an import."""

    data: PackageXSource
    pagination: None
