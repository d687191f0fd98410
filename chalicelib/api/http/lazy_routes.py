"""The app's routes, which are filled in by dialect, or by feature of one, with the first request
under its paths.

In comes how routes are made, out goes the table in which Chalice looks requests up. A process mostly
answers for one dialect, and those of the state machines for none; the modules of the others are then never imported.
Iterating over the table, as packaging and tests do, makes every route.
"""

from collections import UserDict
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from chalice.app import Blueprint, Chalice

Methods = dict[str, Any]
"""Chalice's route entries by method."""


class LazyRoutes(UserDict[str, Methods]):
    """Chalice's route entries by path, in which a dialect's routes appear when one of them is first looked up."""

    def __init__(self, app: Chalice, dialects: Mapping[str, Callable[[], Blueprint]]) -> None:
        """Takes what makes the routes, by the beginning of their paths; where two beginnings fit, the longer one has
        the path.
        """
        super().__init__(app.routes)
        self._app = app
        self._dialects = dialects
        self._awaited = set(dialects.values())

    def __missing__(self, path: str) -> Methods:
        fitting = [start for start in self._dialects if f"{path}/".startswith(f"{start}/")]
        if fitting:
            self._register(self._dialects[max(fitting, key=len)])
        return self.data.setdefault(path, {})

    def __iter__(self) -> Iterator[str]:
        self._register_all()
        return super().__iter__()

    def __len__(self) -> int:
        self._register_all()
        return super().__len__()

    def _register_all(self) -> None:
        for make in self._dialects.values():
            self._register(make)

    def _register(self, make: Callable[[], Blueprint]) -> None:
        if make in self._awaited:
            self._awaited.remove(make)
            self._app.register_blueprint(make())
