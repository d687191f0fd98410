"""What the first rows of a source show of its values: the words of columns that have few of them, and how dates are
written. Out come facts about columns, whatever field they feed: which field that is, is decided later, and anew.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from chalicelib.model.limits import Limits
from chalicelib.model.notations import DateOrder, Notation
from chalicelib.model.resources import Field, FieldType, squeezed
from chalicelib.schema.notation_evidence import ColumnEvidence
from chalicelib.schema.types import reader_of
from chalicelib.schema.types.value_reader import InvalidValue

_OF_WORDS = frozenset({FieldType.CHOICE, FieldType.BOOLEAN})


@dataclass(frozen=True, slots=True)
class UnknownWord:
    """A word of a column that a field could not take which the column feeds, or may feed."""

    field: str
    word: str
    rows: int
    """In how many of the first rows it stands."""


@dataclass(frozen=True, slots=True)
class SeenDates:
    """How the dates of a column are written, as far as its first values show it."""

    order: DateOrder | None
    """What they prove; None where nothing does, or they contradict each other."""
    proof: str | None
    """A value that can be read in this order only."""
    unclear: str | None
    """A value that could be two dates if no other value told its order."""


def words_of(values: Sequence[str], limits: Limits) -> dict[str, int]:
    """Returns how often each word stands in a column, the most frequent first; nothing for a column of too many."""
    found = Counter(text[: limits.described_cell_characters] for value in values if (text := value.strip()))
    return dict(found.most_common()) if len(found) <= limits.described_words else {}


def dates_of(values: Sequence[str]) -> SeenDates | None:
    """Returns what the values of a column say about the order of day and month; None where nothing depends on it."""
    evidence = ColumnEvidence("", "", is_number=False)
    evidence.look(values, None)
    if not evidence.unclear and not evidence.proofs:
        return None
    orders = [one for one in evidence.proofs if isinstance(one, DateOrder)]
    order = orders[0] if len(orders) == 1 else None
    return SeenDates(order, evidence.proofs[order].value if order else None, evidence.unclear or None)


def each_unknown_word(
    field: Field, words: Mapping[str, int], notation: Notation, limits: Limits
) -> Iterator[UnknownWord]:
    """Yields those of the words that a field with choices, or one that is true or false, cannot take, each once in
    whatever spelling; none for any other field.
    """
    if field.type not in _OF_WORDS:
        return
    read, found = reader_of(field, limits, notation), dict[str, UnknownWord]()
    for word, rows in words.items():
        try:
            read(word)
        except InvalidValue:
            earlier = found.get(squeezed(word), UnknownWord(field.name, word, 0))
            found[squeezed(word)] = replace(earlier, rows=earlier.rows + rows)
    yield from found.values()
