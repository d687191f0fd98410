"""Disarms texts that a spreadsheet would take for formulas, so that they can be armed again exactly.

    =1+1          is written as   '=1+1⇥     an apostrophe in front, a tab (⇥) behind
    '=1+1⇥                        ''=1+1⇥⇥   what looks disarmed is disarmed once more, raw files included
    a;=1+1                        'a;'=1+1⇥  a spreadsheet of another country may end the cell at the semicolon
    '=1+1, -5, +4915123456789     themselves

To disarm a text is to write it so that no spreadsheet computes it; to rearm it is to read what was meant. The
apostrophe is what OWASP and PapaParse (`escapeFormulae`) put there: the text is shown, not computed. The tab tells a
disarmed text from one that was typed with an apostrophe: only what has both is armed again when it is read. Numbers
and phone numbers stay as they are: of digits, blanks and signs alone, they can name no function, cell or program.

Source: owasp.org/www-community/attacks/CSV_Injection.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial

from chalicelib.model.write_options import Formulas

_SIGN = r"[=+\-@\uff1d\uff0b\uff0d\uff20]"
_FORMULA = re.compile(rf"[\t\r\n\0]|[\s\ufeff\u200b]{{0,16}}{_SIGN}")
_BEGINNING = re.compile(rf"'(?:{_FORMULA.pattern}|(?<=[;,]'))")
"""Of a disarmed text, or of what is disarmed within it. Either begins with an apostrophe, so that `re` leaps from one
to the next, which is much faster than to try each place."""
BEGINNING_CHARACTERS = 18
"""The most that it has."""
_HARMLESS = re.compile(r"(?a:[+-]\d+(?:[.,]\d+)?(?:[eE][+-]?\d+)?|\+\d[\d ().-]{6,20})")
_SEPARATORS = re.compile("([;,])")
"""What ends a cell in one country or the other, whatever quotes stand around what the file's own delimiter divides."""
_INNER = re.compile(rf"['\"\s\0\ufeff\u200b]*+{_SIGN}")
"""How a formula begins behind a separator."""
_INNER_BY_SEPARATOR = {one: re.compile(one + _INNER.pattern) for one in ";,"}
"""Each by itself, so that `re` leaps from one to the next here, too."""
_PLAIN = re.compile(r"[^\W_]|[_\"(\[{]")
"""How nearly all texts begin."""
_GUARDED = re.compile('="([^"]*)"')
"""A text as a formula, which is how Excel is kept from taking it for a number: `="00123"`."""
_GUARD_AHEAD = re.compile(r'(?:\A|\W)"?="')
_BORDER = "\x01"
"""Stands around texts that are looked at together; no text that has one is taken for safe."""
_SUSPECT = re.compile(rf"{_BORDER}(?=[\s\0\ufeff\u200b=+\-@\uff1d\uff0b\uff0d\uff20'])(?!{_HARMLESS.pattern}{_BORDER})")
"""A formula, or what looks disarmed, can begin with nothing else."""


def is_formula(text: str) -> bool:
    """Returns whether a spreadsheet might compute the text."""
    return bool(_FORMULA.match(text)) and not _HARMLESS.fullmatch(text)


def is_disarmed(text: str) -> bool:
    """Returns whether the text is what `disarm` makes of a formula."""
    if text[:1] != "'" or text[-1:] != "\t":
        return False
    return is_formula(text[1:-1].lstrip("'")) or any(part[:1] == "'" for part in _each_inner_formula(text[1:-1]))


def disarm(text: str, separators: str = ";") -> str:
    """Returns the text as it is written where formulas are disarmed, those behind one of these separators included."""
    if is_formula(text) or is_disarmed(text) or any(_each_inner_formula(text, separators)):
        return _mark(text)
    return text


def keep_raw(text: str) -> str:
    """Returns the text as it is written where formulas stay as they are: only what a reader would change is marked."""
    return _mark(text) if is_disarmed(text) or _GUARDED.fullmatch(text) else text


def rearm(text: str) -> str:
    """Returns the text that was meant by a cell, which may be disarmed."""
    if not is_disarmed(text):
        return text
    first, *rest = _SEPARATORS.split(text[1:-1])
    return "".join([first, *(part[1:] if part[:1] == "'" and _is_inner_formula(part) else part for part in rest)])


def _mark(text: str) -> str:
    first, *rest = _SEPARATORS.split(text)
    parts = [f"'{part}" if _is_inner_formula(part) else part for part in rest]
    return "".join(["'", first, *parts, "\t"])


def _each_inner_formula(text: str, separators: str = ";,") -> Iterator[str]:
    """Yields the parts behind a separator that a spreadsheet might compute if it ends a cell there."""
    if _may_hold_inner(text):
        parts = _SEPARATORS.split(text)
        pairs = zip(parts[1::2], parts[2::2], strict=True)
        yield from (part for sign, part in pairs if sign in separators and _is_inner_formula(part))


def _is_inner_formula(part: str) -> bool:
    return bool(_INNER.match(part)) and not _HARMLESS.fullmatch(part.strip("'\" "))


def may_hold_disarmed(block: str) -> bool:
    """Returns whether a block of text may hold a cell that is disarmed, or guarded from Excel."""
    return ("'" in block and bool(_BEGINNING.search(block))) or ('="' in block and bool(_GUARD_AHEAD.search(block)))


def rearm_cells(cells: list[str]) -> list[str]:
    """Returns the texts that were meant by cells; the same list if there is nothing to do, which is nearly always."""
    if any(cell[-1:] == "\t" for cell in cells):
        return list(map(rearm, cells))
    return cells


def unguard_cells(cells: list[str]) -> list[str]:
    """Returns the texts that were meant by cells of a text file, also without the guards that keep Excel from taking
    texts for numbers (`="00123"`); the same list if there is nothing to do."""
    if any(cell[-1:] == "\t" or cell[:2] == '="' for cell in cells):
        return list(map(_unguard, cells))
    return cells


def _unguard(cell: str) -> str:
    guarded = _GUARDED.fullmatch(cell)
    return guarded[1] if guarded else rearm(cell)


class DisarmedRows:
    """Counts the rows in which formulas were disarmed, and hands each of them to `tell` if that is given."""

    def __init__(self, tell: Callable[[Mapping[str, object]], None] | None = None) -> None:
        self.rows = 0
        self._tell = tell

    def add(self, row: Mapping[str, object]) -> None:
        """Counts a row, as it was before."""
        self.rows += 1
        if self._tell:
            self._tell(row)


def may_need_disarming(texts: Sequence[str]) -> bool:
    """Returns whether `safe_cells` might change any of the texts. They are looked at all at once, as nearly always it
    changes none."""
    return are_suspect(join_cells(texts), len(texts))


def join_cells(texts: Sequence[str]) -> str:
    """Returns the texts put together, as `are_suspect` looks at them."""
    return _BORDER.join(("", *texts, ""))


def are_suspect(text: str, texts: int) -> bool:
    """Returns whether `safe_cells` might change any of the texts that `join_cells` has put together, of which there are
    `texts`."""
    return text.count(_BORDER) > texts + 1 or bool(_SUSPECT.search(text)) or _may_hold_inner(text)


def _may_hold_inner(text: str) -> bool:
    return any(one in text and pattern.search(text) for one, pattern in _INNER_BY_SEPARATOR.items())


def safe_cells(texts: Iterable[str], formulas: Formulas, separators: str = ";") -> list[str]:
    """Returns the texts as they are written under this choice, one for one. A formula behind one of the separators
    is one, too: pass those that end no cell here, but may do so where the file is opened.
    """
    written = partial(disarm, separators=separators) if formulas is Formulas.DISARM else keep_raw
    return [text if not text or (_PLAIN.match(text) and not _may_hold_inner(text)) else written(text) for text in texts]
