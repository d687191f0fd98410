"""Counts what of a workbook is held in memory while its rows are read, and refuses it before it is too much.

In come the sizes of shared texts, styles, relations and of whatever else a reader keeps; out comes nothing, or a
refusal `expansion_refused`. A few bytes of a file can stand for much memory, so a small file may hold less than a large
one: the API function, which reads small files only, has less memory than the functions that read workbooks.
"""

from collections.abc import Sequence
from sys import getsizeof

from chalicelib.formats.zip_package import too_expansive
from chalicelib.model.limits import Limits

ENTRY_BYTES = 16
"""What a list or a dict takes for an entry, beside the entry itself."""
OBJECT_BYTES = 300
"""What a small object takes with its fields: a relation, the name of a sheet."""
_RUNS = 64


class HeldMemory:
    """The memory that one workbook may take while it is read."""

    def __init__(self, size_bytes: int, limits: Limits) -> None:
        """Takes the size of the file."""
        allowed = max(limits.workbook_held_free_bytes, limits.workbook_held_ratio * size_bytes)
        self._limit_bytes = min(limits.workbook_held_bytes, limits.workbook_expanded_bytes, allowed)
        self._text_characters = limits.workbook_text_characters
        self._held_bytes = 0

    def add(self, size_bytes: int) -> None:
        """Charges what is kept from now on. Raises Refused `expansion_refused` beyond the limit."""
        self._held_bytes += size_bytes
        if self._held_bytes > self._limit_bytes:
            detail = f"reading it would take more than {self._limit_bytes} bytes of memory"
            raise too_expansive(detail, limit=self._limit_bytes)

    def add_texts(self, texts: Sequence[str]) -> None:
        """Charges texts that are kept in a list. Raises Refused `expansion_refused` beyond the limit."""
        self.add(sum(map(getsizeof, texts)) + ENTRY_BYTES * len(texts))

    def add_object(self, *texts: str) -> None:
        """Charges a small object with its texts. Raises Refused `expansion_refused` beyond the limit."""
        self.add(OBJECT_BYTES + sum(map(getsizeof, texts)))

    def check_text(self, runs: list[str]) -> None:
        """Joins the runs of a text that is being read, so that they take no more than the text. Raises Refused
        `expansion_refused` where the text is longer than any cell should be."""
        if len(runs) > _RUNS or sum(map(len, runs)) > self._text_characters:
            runs[:] = ["".join(runs)]
            self.check_paragraphs(runs)

    def check_paragraphs(self, texts: Sequence[str]) -> None:
        """Raises Refused `expansion_refused` where these texts together are longer than any cell should be. Each counts
        as some characters more than it has, for what an entry takes."""
        if sum(map(len, texts)) + ENTRY_BYTES * len(texts) > self._text_characters:
            detail = f"one of its texts has more than {self._text_characters} characters"
            raise too_expansive(detail, limit=self._text_characters)
