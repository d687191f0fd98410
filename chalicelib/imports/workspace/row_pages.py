"""What became of the rows of an import that has ended, in pages that can be found without reading those before them.

    index ─┬─ segment: 100 batches ─┬─ pages of a batch ─┬─ page: what became of 1,000 rows
           └─ …                     └─ …                 └─ …

Each level tells of the next which rows it holds, and counts their kinds. Objects bear no attempt's name: who ends an
import twice writes the same. What stood in the rows is not written again, but read where prevalidation has left it.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence, Set
from dataclasses import astuple, dataclass, replace
from operator import attrgetter
from typing import Any

from chalicelib.formats.blocks import each_block
from chalicelib.imports.workspace.codec import from_outcomes, having, to_exact_rows, to_fields, to_outcomes, to_rows
from chalicelib.imports.workspace.partitioning import NO_OFFSET, SplitOffset, split_of, task_of
from chalicelib.imports.workspace.work_objects import BlockBuffer, BlockPlace, RowCounts, WorkObjects
from chalicelib.model.phases import FIRST_PHASE, PhaseName
from chalicelib.model.rows import Fields, Outcome, Row, RowOutcome

SEGMENT_BATCHES = 100
KINDS_COUNTED = 1_000
"""Kinds of rows that are counted of a page, a batch or a segment; one with more is always looked into."""

_INDEX = "row_pages/index"

OffsetOf = Callable[[PhaseName, int], SplitOffset]
Skips = Callable[["RowRange"], bool]
"""Says of rows whether to pass over them unread; asked in file order, and first of the larger ranges."""


@dataclass(frozen=True, slots=True)
class RowRange:
    """Rows in file order, and how many of them are of which kind; None where that was not counted."""

    first_row: int
    rows: int
    """From the first to the last; where row numbers have gaps there are fewer."""
    counts: RowCounts | None


@dataclass(frozen=True, slots=True)
class PageOfRows:
    """A page, and where it lies among those of its batch."""

    batch: int
    place: BlockPlace

    @property
    def range(self) -> RowRange:
        """Returns which rows are on the page."""
        return _range(self.place)


class RowPages:
    """The pages of one attempt of an import."""

    def __init__(self, objects: WorkObjects, offset_of: OffsetOf) -> None:
        self._objects = objects
        self._offset_of = offset_of
        self._given_places: tuple[int, list[BlockPlace]] | None = None
        """Of the batch whose rows were read last: the pages of one are read in turn."""

    def write(self, batch: int, outcomes: dict[int, RowOutcome]) -> RowRange:
        """Writes the pages of a batch, whose rows have these outcomes by row number; others are unprocessed."""
        buffer = BlockBuffer()
        for place in self._places_of_given(batch):
            numbers = self._numbers_of(batch, place)
            page = [outcomes.get(number) or RowOutcome(number, 0, Outcome.UNPROCESSED) for number in numbers]
            counts = _counts_of(page)
            buffer.add_rows(from_outcomes(page), place.first_row, place.rows, counts, gaps=place.gaps)
        self._objects.write_shared_buffer(_pages_of(batch), buffer)
        return _together([_range(one) for one in buffer.places])

    def rows_of(self, batch: int) -> range:
        """Returns from which row to which a batch reaches. Raises NotFound."""
        places = self._places_of_given(batch)
        return range(places[0].first_row, places[-1].first_row + places[-1].rows) if places else range(0)

    def _numbers_of(self, batch: int, place: BlockPlace) -> Sequence[int]:
        if place.gaps:
            return [row.number for row in self._read_given(batch, place, to_rows)]
        return range(place.first_row, place.first_row + place.rows)

    def write_index(self, batches: Sequence[tuple[int, RowRange]]) -> None:
        """Writes which rows each batch holds, in file order. The pages of a single batch are found without."""
        buffer = BlockBuffer()
        for segment in each_block(batches, SEGMENT_BATCHES):
            whole = _together([range_ for _, range_ in segment])
            entries = [(batch, astuple(range_)) for batch, range_ in segment]
            buffer.add_rows(entries, whole.first_row, whole.rows, whole.counts)
        if len(batches) > 1:
            self._objects.write_shared_buffer(_INDEX, buffer)

    def each_page(self, batches: Sequence[int], skips: Skips) -> Iterator[PageOfRows]:
        """Yields the pages that are not passed over, in file order. Lazy; `batches` are those of the import. Raises
        NotFound where pages are gone.
        """
        for batch in batches if len(batches) <= 1 else self._each_batch(skips):
            yield from self.each_page_of(batch, skips)

    def each_page_of(self, batch: int, skips: Skips) -> Iterator[PageOfRows]:
        """Yields the pages of one batch that are not passed over, in file order. Lazy. Raises NotFound where they are
        gone.
        """
        for place in self._objects.read_shared_places(_pages_of(batch)):
            if not skips(_range(place)):
                yield PageOfRows(batch, place)

    def _each_batch(self, skips: Skips) -> Iterator[int]:
        for segment in self._objects.read_shared_places(_INDEX):
            if not skips(_range(segment)):
                for batch, range_ in self._objects.read_shared_block(_INDEX, segment):
                    if not skips(RowRange(*range_)):
                        yield batch

    def read_outcomes(self, page: PageOfRows) -> list[RowOutcome]:
        """Returns what became of the rows of a page, in file order. Raises NotFound."""
        return to_outcomes(self._objects.read_shared_block(_pages_of(page.batch), page.place), NO_OFFSET)

    def each_outcome_of(self, outcomes: Set[Outcome], batch: int) -> Iterator[RowOutcome]:
        """Yields the rows of a batch with these outcomes: the others cost next to nothing."""
        for block in self._objects.each_shared_block(_pages_of(batch)):
            yield from to_outcomes(having(block, outcomes), NO_OFFSET)

    def read_given(self, page: PageOfRows) -> list[Row]:
        """Returns the rows of a page as they were given, numbers perhaps as texts. Raises NotFound."""
        return self._read_given(page.batch, self._place_of_given(page), to_rows)

    def read_exactly(self, page: PageOfRows) -> list[Row]:
        """Returns the rows of a page as they were given, to be read once more. Raises NotFound."""
        return self._read_given(page.batch, self._place_of_given(page), to_exact_rows)

    def _place_of_given(self, page: PageOfRows) -> BlockPlace:
        return next(one for one in self._places_of_given(page.batch) if one.first_row == page.place.first_row)

    def _read_given(self, batch: int, place: BlockPlace, decode: Callable[[Any, SplitOffset], list[Row]]) -> list[Row]:
        block = self._objects.read_block(FIRST_PHASE, split_of(batch), f"rows/{batch}", place)
        return decode(block, self._offset_of(FIRST_PHASE, batch))

    def read_fields(self, phase: PhaseName, batch: int, rows: Set[int]) -> dict[int, Fields]:
        """Returns what a few rows of a batch give, by row number, as the phase has written it: of its blocks, only
        those are read that have any."""
        task, name, offset = task_of(phase, batch), f"fields/{batch}", self._offset_of(phase, batch)
        found = dict[int, Fields]()
        for place in self._objects.find_places(phase, task, name):
            first_row = place.first_row + offset.rows
            if not rows.isdisjoint(range(first_row, first_row + place.rows)):
                found |= to_fields(self._objects.read_block(phase, task, name, place), offset).find_rows(rows)
        return found

    def _places_of_given(self, batch: int) -> list[BlockPlace]:
        """Numbered in the whole source."""
        if self._given_places is None or self._given_places[0] != batch:
            rows = self._offset_of(FIRST_PHASE, batch).rows
            places = self._objects.find_places(FIRST_PHASE, split_of(batch), f"rows/{batch}")
            self._given_places = batch, [replace(one, first_row=one.first_row + rows) for one in places]
        return self._given_places[1]


def _pages_of(batch: int) -> str:
    return f"row_pages/{batch}"


def _range(place: BlockPlace) -> RowRange:
    return RowRange(place.first_row, place.rows, place.counts)


def _together(ranges: Sequence[RowRange]) -> RowRange:
    """Ranges in file order as one."""
    if not ranges:
        return RowRange(1, 0, {})
    counts: Counter[str] = Counter()
    for one in ranges:
        counts.update(one.counts or {})
    known = _bounded(counts) if all(one.counts is not None for one in ranges) else None
    first, last = ranges[0], ranges[-1]
    return RowRange(first.first_row, last.first_row + last.rows - first.first_row, known)


def _counts_of(page: Sequence[RowOutcome]) -> RowCounts | None:
    by_outcome = Counter(map(attrgetter("outcome"), page))
    counts: Counter[str] = Counter({outcome.value: rows for outcome, rows in by_outcome.items()})
    for one in page:
        if one.problems:
            kinds = {(problem.code.value, problem.field or "") for problem in one.problems}
            counts.update({f"{one.outcome.value}|{code}" for code, _ in kinds})
            counts.update(f"{one.outcome.value}|{code}|{field}" for code, field in kinds)
    return _bounded(counts)


def _bounded(counts: Counter[str]) -> RowCounts | None:
    return dict(counts) if len(counts) <= KINDS_COUNTED else None
