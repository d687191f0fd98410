"""Texts in columns, for a terminal of so many cells: nothing is longer than its line, whatever its script.

What goes in are plain texts; what comes out are lines.
"""

from collections.abc import Iterable, Iterator, Sequence

from rich.cells import cell_len, set_cell_size

INDENT = "  "


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
    column is never cut, for ids are printed whole."""
    lines = [[*header], *([*row] for row in rows)]
    widths = [max(cell_len(line[place]) for line in lines) for place in range(len(header))]
    _shrink(widths, width - len(indent) - 2 * (len(widths) - 1))
    aligned = set(right)
    for line in lines:
        cells = [padded(cell, widths[place], is_right=place in aligned) for place, cell in enumerate(line)]
        yield (indent + INDENT.join(cells)).rstrip()


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


def _shrink(widths: list[int], room: int) -> None:
    while sum(widths) > room and max(widths[1:], default=0) > _LEAST:
        widest = max(range(1, len(widths)), key=widths.__getitem__)
        widths[widest] -= 1


_UNITS = ("kB", "MB", "GB", "TB")
_LEAST = 5
