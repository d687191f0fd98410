"""Sound files of random content, and the ways in which one place of them goes wrong.

Every value names its row and its column, so that a row that was read is either one of the rows that were written or
visibly something else. What a file looks like to RFC 4180 is judged here too, character by character, apart from the
reader.
"""

import csv
import io
import random
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

WORDS = (
    "Ann",
    "Łódź",
    "O'Brien",
    "Smith & Sons",
    "12",
    "1.5",
    "a@x.org",
    "5 ft",
    "no; yes",
    "left|right",
    "x y z",
    "#1",
)
LABELS = ("name", "email", "City", "Phone Number", "remarks", "external_id", "größe", "Kind", "since", "x")


@dataclass(frozen=True)
class SoundFile:
    """A file as a writer that keeps to RFC 4180 writes it."""

    header: list[str]
    rows: list[list[str]]
    delimiter: str
    records: list[str]
    """The text of the header and of each row, with its line end."""


@dataclass(frozen=True)
class Polluted:
    """A file with one flaw."""

    sound: SoundFile
    kind: str
    records: list[str]
    """The text of each record; the damaged one may have become none or several."""
    damaged: int
    """Which of the sound file's records was hit; 0 is the header."""

    @property
    def text(self) -> str:
        return "".join(self.records)

    @property
    def affected(self) -> set[int]:
        """The numbers of the damaged record and its neighbours."""
        return {self.damaged - 1, self.damaged, self.damaged + 1}

    @property
    def can_be_seen(self) -> bool:
        """Whether the file shows that something is wrong, and no line of a broken value looks like a row."""
        if is_well_formed(self.text, self.sound.delimiter):
            return False
        lines = self.records[self.damaged].splitlines(keepends=True)
        inner = ["".join(lines[place:]) for place in range(1, len(lines))] if self.kind.endswith("quote") else []
        return not any(_begins_with_row(one, self.sound) for one in inner)

    def is_right(self, cells: list[str]) -> bool:
        """Returns whether the cells are a row that was written, or the damaged one with the flaw inside one value."""
        if cells in self.sound.rows:
            return True
        damaged = self.sound.rows[self.damaged - 1] if self.damaged else []
        changed = [(old, new) for old, new in zip(damaged, cells, strict=False) if old != new]
        return self.kind.endswith("quote") and len(changed) == 1 and _differ_by_a_quote(*changed[0])

    def lines_of(self, records: Iterable[int]) -> set[int]:
        """Returns the numbers of the physical lines of these records, all counted from 1."""
        counts = [_line_ends(one) + (not one.endswith("\n")) for one in self.records]
        first = [1 + sum(counts[:place]) for place in range(len(counts))]
        return {first[one] + n for one in records if 0 <= one < len(counts) for n in range(max(1, counts[one]))}


def sound_file(dice: random.Random) -> SoundFile:
    columns, delimiter = dice.randint(2, 6), dice.choice(",,,;\t|")
    header = dice.choice([dice.sample(LABELS, columns), [f"col{column}" for column in range(columns)]])
    rows = [[_value(dice, row, column, delimiter) for column in range(columns)] for row in range(dice.randint(3, 30))]
    quoting, end = dice.choice([csv.QUOTE_MINIMAL, csv.QUOTE_MINIMAL, csv.QUOTE_ALL]), dice.choice(["\n", "\r\n"])
    return SoundFile(header, rows, delimiter, [_written(one, delimiter, quoting, end) for one in [header, *rows]])


def _value(dice: random.Random, row: int, column: int, delimiter: str) -> str:
    if column and dice.random() < 0.2:
        return ""
    tag, word, other = f"r{row}c{column}", dice.choice(WORDS), dice.choice(WORDS)
    shapes = (
        *(f"{word} {tag}",) * 8,
        f"{word}{delimiter} {tag}",
        f"{delimiter}{tag}",
        f"{tag}{delimiter}",
        f'the "{word}" {tag}',
        f'"{tag}"',
        f"{tag}\n{word}",
        f"{word}\r\n{tag}\r\n{other}",
        f"\n{tag}",
    )
    return dice.choice(shapes)


def _written(cells: list[str], delimiter: str, quoting: int, end: str) -> str:
    buffer = io.StringIO(newline="")
    csv.writer(buffer, delimiter=delimiter, quoting=quoting, lineterminator=end).writerow(cells)  # type: ignore[arg-type]
    return buffer.getvalue()


def polluted(dice: random.Random) -> Polluted:
    sound = sound_file(dice)
    kind, pollute = dice.choice([*POLLUTIONS.items()])
    for _ in range(50):
        damaged = dice.randrange(len(sound.records))
        text = pollute(dice, sound, sound.records[damaged])
        if text is not None:
            break
    else:
        return polluted(dice)
    records = [*sound.records[:damaged], text, *sound.records[damaged + 1 :]]
    return Polluted(sound, kind, records[: damaged + 1] if kind == "cut end" else records, damaged)


def _begins_with_row(text: str, sound: SoundFile) -> bool:
    line = text.splitlines()[0]
    records = _records(text, sound.delimiter) or [[]]
    return len(sound.header) in (len(records[0]), len(line.split(sound.delimiter)))


def _differ_by_a_quote(one: str, other: str) -> bool:
    shorter, longer = sorted((one, other), key=len)
    return any(longer[:at] + longer[at + 1 :] == shorter for at, character in enumerate(longer) if character == '"')


def _line_ends(text: str) -> int:
    return len(re.findall("\r\n|\r|\n", text))


def _somewhere(dice: random.Random, record: str) -> int:
    return dice.randrange(len(record.rstrip("\r\n")) + 1)


def _extra_quote(dice: random.Random, _sound: SoundFile, record: str) -> str:
    at = _somewhere(dice, record)
    return f'{record[:at]}"{record[at:]}'


def _without_one(dice: random.Random, record: str, character: str) -> str | None:
    places = [place for place, one in enumerate(record) if one == character]
    at = dice.choice(places) if places else None
    return None if at is None else record[:at] + record[at + 1 :]


def _lost_quote(dice: random.Random, _sound: SoundFile, record: str) -> str | None:
    return _without_one(dice, record, '"')


def _lost_separator(dice: random.Random, sound: SoundFile, record: str) -> str | None:
    return _without_one(dice, record, sound.delimiter)


def _added_separator(dice: random.Random, sound: SoundFile, record: str) -> str:
    at = _somewhere(dice, record)
    return record[:at] + sound.delimiter + record[at:]


def _other_separator(dice: random.Random, sound: SoundFile, record: str) -> str | None:
    places = [place for place, one in enumerate(record) if one == sound.delimiter]
    if not places:
        return None
    at, other = dice.choice(places), dice.choice([one for one in ",;\t|" if one != sound.delimiter])
    return record[:at] + other + record[at + 1 :]


def _line_end_in_row(dice: random.Random, sound: SoundFile, record: str) -> str:
    at = _somewhere(dice, record)
    return record[:at] + ("\r\n" if sound.records[0].endswith("\r\n") else "\n") + record[at:]


def _title_line(dice: random.Random, _sound: SoundFile, record: str) -> str:
    return dice.choice(["Customers\n", "Exported on 3 May\n\n", "# all, of them\n", "Total: 5\n"]) + record


def _cut_end(dice: random.Random, _sound: SoundFile, record: str) -> str:
    return record[: _somewhere(dice, record)]


POLLUTIONS: dict[str, Callable[[random.Random, SoundFile, str], str | None]] = {
    "extra quote": _extra_quote,
    "lost quote": _lost_quote,
    "lost separator": _lost_separator,
    "added separator": _added_separator,
    "other separator": _other_separator,
    "line end in row": _line_end_in_row,
    "title line": _title_line,
    "cut end": _cut_end,
}


def is_well_formed(text: str, delimiter: str) -> bool:
    """Returns whether RFC 4180 explains all of the text, and all records that are not blank have one width."""
    records = _records(text, delimiter)
    if records is None:
        return False
    widths = {len(cells) for cells in records if any(map(str.strip, cells))}
    return len(widths) <= 1


def _records(text: str, delimiter: str) -> list[list[str]] | None:
    """Returns None where a quote stands that RFC 4180 does not allow."""
    records, cells, cell, at = [], list[str](), "", 0
    while at < len(text):
        if text[at] == '"':
            if cell:
                return None
            end = _closing_quote(text, at + 1)
            if end is None or text[end + 1 : end + 2] not in ("", delimiter, "\r", "\n"):
                return None
            cell, at = text[at + 1 : end].replace('""', '"'), end + 1
        elif text[at] == delimiter:
            cells, cell, at = [*cells, cell], "", at + 1
        elif text[at] in "\r\n":
            records.append([*cells, cell])
            cells, cell, at = [], "", at + (2 if text.startswith("\r\n", at) else 1)
        else:
            cell, at = cell + text[at], at + 1
    return [*records, [*cells, cell]] if cells or cell else records


def _closing_quote(text: str, at: int) -> int | None:
    while (end := text.find('"', at)) >= 0:
        if not text.startswith('""', end):
            return end
        at = end + 2
    return None
