"""Judges whether the quotes of a record stand where RFC 4180 lets them stand, and reads what can be read where not.

Python's `csv` accepts a quote inside a value that does not begin with one, and cannot say which values were quoted. So
the text of a record is looked at here: first all at once, and cell by cell only where a quote stands elsewhere.

Source: RFC 4180, section 2, rules 5 to 7.
"""

import csv
import re
from dataclasses import dataclass
from enum import Enum, auto

from chalicelib.formats.csv.dialect import END_INSIDE_QUOTES, CsvDialect


class Quoting(Enum):
    """What the quotes of one cell say."""

    SOUND = auto()
    """The cell has none, or they stand around its value, with those inside doubled."""
    LITERAL = auto()
    """They stand inside a value that begins and ends with another character: `5" pipe`."""
    UNDOUBLED = auto()
    """They stand around the value, and some inside of it are not doubled: `"Ada "the first" Lovelace"`."""
    BROKEN = auto()
    """One opens or closes a value whose other end is missing, or lies behind a delimiter."""


@dataclass(frozen=True, slots=True)
class MisquotedRecord:
    """One physical line that RFC 4180 does not explain, read as well as it can be."""

    cells: list[str]
    quoting: Quoting
    """The worst that was found in any of its cells."""
    ends_inside: bool = False
    """Whether a quote was still open at the end of the line."""
    width: int = 0
    """How many cells the delimiters outside of whole quoted values make."""


class QuoteRules:
    """Judges the quotes of one file, whose dialect is known."""

    def __init__(self, dialect: CsvDialect) -> None:
        self._dialect = dialect
        quote, delimiter = re.escape(dialect.quote), re.escape(dialect.delimiter)
        other = f"[^{delimiter}\r\n{quote}]"
        self._misplaced = re.compile(f"{quote}(?:(?<={other}{quote})|(?={other}))")
        self._closing = re.compile(f"[^{quote}]*{quote}(?={delimiter}|[\r\n]|\\Z)(?<!{delimiter}{quote})")
        self._escaped = re.compile(re.escape(dialect.escape) + ".", re.DOTALL) if dialect.escape else None
        self._spaces = re.compile(f"(?m)(^|{delimiter}) +") if dialect.has_space_after_delimiter else None
        blank = " *" if dialect.has_space_after_delimiter else ""
        inside = (
            rf"(?:[^{quote}\\]|\\.|{quote}{quote})*" if dialect.escape else f"[^{quote}]*(?:{quote}{quote}[^{quote}]*)*"
        )
        guarded = f"={quote}[^{quote}\r\n]*{quote}"
        self._guarded = re.compile(guarded)
        end = rf"(?={delimiter}|[\r\n]|\Z)"
        self._guarded_cell = re.compile(f"(?m)(^|{delimiter})={quote}[^{quote}{delimiter}\r\n]*{quote}{end}")
        self._cell = re.compile(
            rf"{blank}(?:{guarded}{end}|{quote}(?P<quoted>{inside}){quote}{end}|(?P<plain>[^{delimiter}\r\n]*))",
            re.DOTALL,
        )

    def are_sound(self, text: str) -> bool:
        """Returns whether every quote stands around a value or, doubled, inside a quoted one, or guards a cell
        (`="00123"`), which `csv` reads as it stands.

        The text is one record or several, and begins and ends outside of quotes.
        """
        quote = self._dialect.quote
        if quote not in text:
            return True
        if f"={quote}" in text:
            text = self._guarded_cell.sub(r"\1x", text)
        if self._escaped:
            text = self._escaped.sub("x", text)
        if self._spaces:
            text = self._spaces.sub(r"\1", text)
        parts = text.split(quote)
        return len(parts) % 2 == 1 and not self._misplaced.search(quote.join(parts[::2]))

    def may_end_open(self, text: str) -> bool:
        """Returns whether the last quote of a sound record may have been meant to open a value, not to close one."""
        before, _, _ = text.rpartition(self._dialect.quote)
        return before.endswith(("\n", "\r", self._dialect.delimiter))

    def begin_with_closing(self, line: str) -> bool:
        """Returns whether the first quote of a line can only close a value that began above."""
        return bool(self._closing.match(line))

    def read_misquoted(self, line: str) -> MisquotedRecord:
        """Returns the cells of a line as they would be if no value held a line end, and the worst of their quotes."""
        found = [self._judged(text, is_quoted) for text, is_quoted in self._each_cell(line)]
        worst = max((quoting for _, quoting in found), key=lambda one: one.value)
        if worst is Quoting.BROKEN:
            return MisquotedRecord(self.read_leniently(line), worst, self._ends_inside(line), width=len(found))
        return MisquotedRecord([text for text, _ in found], worst, width=len(found))

    def _each_cell(self, line: str) -> list[tuple[str, bool]]:
        """Returns the text of each cell, with whether it is soundly quoted."""
        cells, position = [], 0
        while True:
            match = self._cell.match(line, position)
            assert match is not None, "an unquoted cell may be empty"
            quoted, plain = match["quoted"], match["plain"]
            text = quoted if plain is None else plain
            cells.append((match[0].lstrip(" ") if text is None else text, quoted is not None))
            position = match.end()
            if not line.startswith(self._dialect.delimiter, position):
                return cells
            position += 1

    def _judged(self, text: str, is_quoted: bool) -> tuple[str, Quoting]:
        quote = self._dialect.quote
        if self._guarded.fullmatch(text) and not is_quoted:
            return text, Quoting.SOUND
        if is_quoted or quote not in text:
            return self._unescaped(text, is_quoted=is_quoted), Quoting.SOUND
        is_around = text.startswith(quote) and text.endswith(quote) and len(text) > 1
        if is_around and text.count(quote) % 2 == 0:
            return self._unescaped(text[1:-1], is_quoted=True), Quoting.UNDOUBLED
        if text.strip().startswith(quote) or text.strip().endswith(quote):
            return text, Quoting.BROKEN
        return self._unescaped(text, is_quoted=False), Quoting.LITERAL

    def _unescaped(self, text: str, *, is_quoted: bool) -> str:
        if is_quoted:
            text = text.replace(self._dialect.quote * 2, self._dialect.quote)
        return self._escaped.sub(lambda match: match[0][1:], text) if self._escaped else text

    def read_leniently(self, line: str) -> list[str]:
        """Returns the cells of a line, without its end, however its quotes stand."""
        return next(self._dialect.read(iter([line.rstrip("\r\n")]), is_strict=False), [])

    def _ends_inside(self, line: str) -> bool:
        try:
            next(self._dialect.read(iter([line]), is_strict=True), None)
        except csv.Error as error:
            return END_INSIDE_QUOTES in str(error)
        return False
