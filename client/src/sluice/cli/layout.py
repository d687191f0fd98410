"""Texts in columns, for a terminal of so many cells: nothing is longer than its line, whatever its script.

What goes in are plain texts; what comes out are lines.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence

from rich.cells import cell_len, set_cell_size

INDENT = "  "
NAME_CELLS = 11


def number(count: int) -> str:
    """Returns a number with its thousands apart."""
    return f"{count:,}"


def counted(count: int, one: str, several: str = "") -> str:
    """Returns how many there are of something: `1 row`, `2 rows`; `several` where its plural is another."""
    return f"{number(count)} {one if count == 1 else several or one + 's'}"


def size(size_bytes: int) -> str:
    """Returns a number of bytes as people say it."""
    if size_bytes < 1000:
        return f"{size_bytes} B"
    scaled, unit = float(size_bytes), 0
    while scaled >= 999.5 and unit < len(_UNITS):
        scaled, unit = scaled / 1000, unit + 1
    return f"{scaled:.1f} {_UNITS[unit - 1]}" if scaled < 10 else f"{scaled:.0f} {_UNITS[unit - 1]}"


def cut(text: str, cells: int) -> str:
    """Returns the text in at most so many cells, with an ellipsis where it is cut; no line end or control in it."""
    plain = "".join(one if one.isprintable() else "·" for one in text)
    return plain if cell_len(plain) <= cells else set_cell_size(plain, max(0, cells - 1)).rstrip() + "…"


def padded(text: str, cells: int, *, is_right: bool = False) -> str:
    """Returns the text in exactly so many cells."""
    text = cut(text, cells)
    gap = " " * (cells - cell_len(text))
    return gap + text if is_right else text + gap


def table(
    header: Sequence[str], rows: Iterable[Sequence[str]], width: int, *, right: Iterable[int] = (), indent: str = ""
) -> Iterator[str]:
    """Yields the lines of a table. Columns take what they need; where that is too much, the widest shrink. The first
    column, numbers, which stand right, and ids are never cut; where they leave too little for the others, each cell is
    a line below the first one."""
    lines = [[*header], *([*row] for row in rows)]
    widths = [max(cell_len(line[place]) for line in lines) for place in range(len(header))]
    aligned = set(right)
    whole = {0, *aligned, *(place for line in lines for place, cell in enumerate(line) if _ID.fullmatch(cell))}
    room = width - len(indent) - len(INDENT) * (len(widths) - 1)
    least = sum(cells if place in whole else min(cells, _LEAST) for place, cells in enumerate(widths))
    if least > room and len(header) > 1:
        yield from (text for line in lines[1:] for text in _below(header, line, width, indent))
        return
    _shrink(widths, room, whole)
    for line in lines:
        cells = [padded(cell, widths[place], is_right=place in aligned) for place, cell in enumerate(line)]
        yield (indent + INDENT.join(cells)).rstrip()


def _below(header: Sequence[str], line: Sequence[str], width: int, indent: str) -> Iterator[str]:
    """Yields the first cell, and below it a line for each other one that has a text, behind the name of its column."""
    yield indent + line[0]
    cells = max(map(cell_len, header[1:]))
    for name, cell in zip(header[1:], line[1:], strict=True):
        if cell:
            yield cut(f"{indent}{INDENT}{padded(name, cells)}{INDENT}{cell}", width)


def named(name: str, text: str, width: int) -> Iterator[str]:
    """Yields a text behind its name, in as many lines as it takes; below the name where a word of it is too long."""
    room = width - NAME_CELLS
    first, *more = [text] if cell_len(text) <= room else wrapped(text, room)
    if any(cell_len(line) > room for line in (first, *more)):
        yield name
        yield from (INDENT + line for line in wrapped(text, width - len(INDENT)))
        return
    yield f"{name.ljust(NAME_CELLS)}{first}".rstrip()
    yield from (" " * NAME_CELLS + line for line in more)


def wrapped(text: str, cells: int) -> list[str]:
    """Returns the text in lines of at most so many cells, broken at spaces."""
    lines, line = list[str](), ""
    for word in text.split():
        longer = f"{line} {word}" if line else word
        if line and cell_len(longer) > cells:
            lines.append(line)
            longer = word
        line = longer
    return [*lines, line] if line else lines


def _shrink(widths: list[int], room: int, whole: Collection[int]) -> None:
    able = [place for place in range(len(widths)) if place not in whole]
    while sum(widths) > room and any(widths[place] > _LEAST for place in able):
        widths[max(able, key=widths.__getitem__)] -= 1


_UNITS = ("kB", "MB", "GB", "TB")
_LEAST = 5
_ID = re.compile(r"[a-z]{3}_[a-z0-9]{26,}")
