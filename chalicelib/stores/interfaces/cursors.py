"""Where sweeps ended that do not do all they have to do at once."""

from typing import Protocol


class Cursors(Protocol):
    """A text for each name, which means something to its writer only."""

    def find(self, name: str) -> str | None:
        """Returns the text as it is stored now, or None."""

    def move(self, name: str, *, before: str | None, to: str | None) -> bool:
        """Stores another text, or none for None. Returns False, and changes nothing, unless the stored one is
        `before`.
        """
