"""What a caller states about a source instead of leaving it to be detected; the readers and parsers are given it."""

from dataclasses import dataclass

from chalicelib.model.notations import DateOrder, DecimalSign, Notation


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingOptions:
    """What the caller states about the source instead of leaving it to be detected; None means: detect."""

    format: str | None = None
    delimiter: str | None = None
    quote: str | None = None
    encoding: str | None = None
    sheet: str | None = None
    header_row: int | None = None
    """On which line of a text, or row of a sheet, the header stands, counted from 1; what stands above is not read."""
    null_marker: str | None = None
    """Text that stands for an explicit null in CSV, TSV and XLSX cells; without one no cell can clear a field."""
    decimal: DecimalSign | None = None
    date_order: DateOrder | None = None
    time_zone: str | None = None
    """IANA name of the zone of times without an offset; None for UTC."""
    list_separator: str | None = None
    """The character between the entries of a list in one cell; a line end stands for any."""
    true_words: tuple[str, ...] = ()
    """What means true in boolean fields, beside the words that are known."""
    false_words: tuple[str, ...] = ()

    @property
    def notation(self) -> Notation:
        """How all values are written, as far as it is stated."""
        return Notation(
            decimal=self.decimal,
            date_order=self.date_order,
            pointed_order=self.date_order or DateOrder.DAY_FIRST,
            time_zone=self.time_zone,
            list_separator=self.list_separator,
            true_words=self.true_words,
            false_words=self.false_words,
        )
