"""Gathers the number formats of a workbook's styles, each of them once, and charges what they take."""

from chalicelib.formats.workbooks.held_memory import ENTRY_BYTES, HeldMemory
from chalicelib.formats.workbooks.number_formats import NumberFormat, builtin_format, number_format

_FORMAT_BYTES = 1_000
_SYMBOL_BYTES = 72
STYLE_BYTES = 1_000
"""What a style takes whose numbers are shown otherwise than they are stored: it remembers what it showed last."""


class StyleFormats:
    """The number formats by style. Codes are known by the name that the file gives them."""

    def __init__(self, held: HeldMemory) -> None:
        self.formats: list[NumberFormat] = []
        """By style."""
        self._held = held
        self._codes: dict[str, str] = {}
        self._made: dict[str, NumberFormat] = {}

    def add_code(self, name: str, code: str) -> None:
        """Adds a code of the workbook's own. Raises Refused `expansion_refused`."""
        self._held.add_object(name, code)
        self._codes[name] = code

    def add_style(self, name: str, number: int) -> None:
        """Adds the next style, by the name of its code, or the number of a built-in one where the workbook has no such
        code. Raises Refused `expansion_refused`."""
        code = self._codes.get(name)
        found = builtin_format(number) if code is None else self._format(code)
        self._held.add(ENTRY_BYTES if found.is_plain else STYLE_BYTES)
        self.formats.append(found)

    def _format(self, code: str) -> NumberFormat:
        if code not in self._made:
            found = self._made[code] = number_format(code)
            symbols = sum(len(section.symbols) for section in found.sections)
            self._held.add(_FORMAT_BYTES + _SYMBOL_BYTES * symbols)
        return self._made[code]
