"""Cursors in memory, as `stores.interfaces.Cursors` promises."""

from threading import Lock


class MemoryCursors:
    """Keeps the promises of `stores.interfaces.Cursors`."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._texts: dict[str, str | None] = {}

    def find(self, name: str) -> str | None:
        """Does what `Cursors.find` promises."""
        return self._texts.get(name)

    def move(self, name: str, *, before: str | None, to: str | None) -> bool:
        """Does what `Cursors.move` promises."""
        with self._lock:
            if self._texts.get(name) != before:
                return False
            self._texts[name] = to
        return True
