"""Finds out how cells are told apart in delimited text: the delimiter, the quote and the escape.

In come the first lines, and what the caller states; out goes a dialect. Every candidate reads the
lines; the one under which most rows are as wide as the header wins.
"""

import csv
import re
from _csv import Reader
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

from chalicelib.errors import Refused
from chalicelib.model.reading_options import ReadingOptions

DELIMITERS = (",", ";", "\t", "|")
_ROWS_LOOKED_AT = 100
_LEAST_ROWS = 3
"""How many rows must agree on a width before it counts more than that of the first row."""
END_INSIDE_QUOTES = "unexpected end of data"
"""How `csv.reader` puts it. Where a sample was cut off, this is no flaw of the row."""
_SEPARATOR_LINE = re.compile(r"\ufeff?\"?sep=(.)\"?\r?\n?\Z", re.IGNORECASE)

csv.field_size_limit(1 << 30)
"""Rows are bounded by `Limits.row_bytes` before they get here; the module's own limit would cut at 128 KiB."""


@dataclass(frozen=True, slots=True)
class CsvDialect:
    """What `csv.reader` needs to know."""

    delimiter: str = ","
    quote: str = '"'
    escape: str | None = None
    """A backslash where quotes inside values are written `\\"` instead of doubled."""
    has_space_after_delimiter: bool = False

    def read(self, lines: Iterator[str], *, is_strict: bool) -> Reader:
        """Returns a reader of rows of cells. If it is strict, it raises `csv.Error` at a stray quote, and where the
        lines end inside quotes."""
        return csv.reader(
            lines,
            delimiter=self.delimiter,
            quotechar=self.quote,
            escapechar=self.escape,
            skipinitialspace=self.has_space_after_delimiter,
            strict=is_strict,
        )


def separator_in(line: str) -> str | None:
    """Returns the delimiter that a first line `sep=;` states, as Excel writes it; None for any other line."""
    found = _SEPARATOR_LINE.match(line)
    return found.group(1) if found else None


def detect_dialect(sample: list[str], options: ReadingOptions, preferred: str = ",") -> CsvDialect:
    """Returns the dialect of these lines. `preferred` is the delimiter where nothing speaks for another. Raises Refused
    `invalid_option`."""
    stated = _stated(options)
    candidates = [
        variant
        for delimiter in _delimiters(options, preferred)
        for quote in _quotes(sample, options)
        for variant in _variants(replace(stated, delimiter=delimiter, quote=quote), sample)
    ]
    if len(candidates) == 1:
        return candidates[0]
    return max(candidates, key=lambda one: _fitness(one, sample, preferred))


def _stated(options: ReadingOptions) -> CsvDialect:
    _refuse_unusable("delimiter", options.delimiter)
    _refuse_unusable("quote", options.quote)
    if options.delimiter and options.delimiter == options.quote:
        raise Refused("invalid_option", "The delimiter and the quote must differ. Correct one of them.", param="quote")
    return CsvDialect(options.delimiter or ",", options.quote or '"')


def _refuse_unusable(name: str, value: str | None) -> None:
    unusable = "\r\n\0 " if name == "quote" else "\r\n\0"
    if value is not None and (len(value) != 1 or value in unusable):
        message = f"The {name} must be a single character other than a line end, not {value[:20]!r}. Correct it."
        raise Refused("invalid_option", message, param=name, value=value[:20])


def _delimiters(options: ReadingOptions, preferred: str) -> list[str]:
    if options.delimiter:
        return [options.delimiter]
    return sorted((one for one in DELIMITERS if one != options.quote), key=lambda one: one != preferred)


def _quotes(sample: list[str], options: ReadingOptions) -> list[str]:
    if options.quote:
        return [options.quote]
    has_double = any('"' in line for line in sample)
    has_single = any("'" in line for line in sample)
    if has_double and _are_in_single_quotes(sample):
        return ["'", '"']
    return ['"', "'"] if has_single and not has_double and options.delimiter != "'" else ['"']


def _are_in_single_quotes(sample: list[str]) -> bool:
    """Returns whether all lines begin and end with single quotes, so that double quotes are a part of values."""
    filled = [line.strip() for line in sample if line.strip()]
    return all(line[0] == line[-1] == "'" and len(line) > 1 for line in filled[:_ROWS_LOOKED_AT])


def _variants(plain: CsvDialect, sample: list[str]) -> Iterator[CsvDialect]:
    """Yields the plain dialect and its variants that the sample may be written in. The plain one comes first, because
    `max` keeps the first of equals."""
    spaced = f"{plain.delimiter} {plain.quote}"
    escaped = f"\\{plain.quote}"
    yield plain
    if plain.delimiter != " " and any(spaced in line for line in sample):
        yield replace(plain, has_space_after_delimiter=True)
    if "\\" not in (plain.delimiter, plain.quote) and any(escaped in line for line in sample):
        yield replace(plain, escape="\\")


def _fitness(dialect: CsvDialect, sample: list[str], preferred: str) -> tuple[bool, bool, float, bool, int]:
    """Returns how well a dialect fits, as a key for comparison: whether there are columns at all, whether the delimiter
    is preferred if not, the share of rows that fit, whether the first row is one of them, and the number of named
    columns."""
    first, widths, flaws = _shape(dialect, sample)
    width = _usual_width(first, widths)
    is_eligible = width > 1 or dialect.delimiter == preferred
    if not first:
        return False, is_eligible, 0.0, False, 0
    fitting = (widths[width] - flaws) / (widths.total() + flaws)
    named = sum(1 for cell in first if cell.strip())
    return width > 1, is_eligible, fitting, len(first) == width, named


def _usual_width(first: list[str], widths: Counter[int]) -> int:
    """Returns the width of the first row, which mostly is the header; but where it fits less than half of the rows, so
    that it is a title or a damaged header, that of most rows."""
    if 2 * widths[len(first)] >= widths.total():
        return len(first)
    width, rows = max(widths.items(), key=lambda one: (one[1], one[0]), default=(0, 0))
    return width if rows >= _LEAST_ROWS and 2 * rows >= widths.total() else len(first)


def _shape(dialect: CsvDialect, sample: list[str]) -> tuple[list[str], Counter[int], int]:
    """Returns the first row, how many rows there are of each width, and how many have stray quotes."""
    header: list[str] = []
    widths: Counter[int] = Counter()
    flaws = 0
    reader = dialect.read(iter(sample), is_strict=True)
    while widths.total() + flaws < _ROWS_LOOKED_AT:
        try:
            cells = next(reader)
        except StopIteration:
            break
        except csv.Error as error:
            if END_INSIDE_QUOTES in str(error):
                break
            flaws += 1
            continue
        if any(map(str.strip, cells)):
            header = header or cells
            widths[len(cells)] += 1
            flaws += not dialect.has_space_after_delimiter and _has_spaced_quotes(cells, dialect.quote)
    return header, widths, flaws


def _has_spaced_quotes(cells: list[str], quote: str) -> bool:
    """Returns whether a cell begins with a space and a quote, which the dialect then takes for a part of the value."""
    return any(cell.startswith(" " + quote) for cell in cells)
