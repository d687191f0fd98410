"""Chances that fall the same on every Python: of `random`, only `Random.random` is promised to stay as it is."""

from collections.abc import Sequence
from random import Random
from typing import TypeVar

One = TypeVar("One")


class Dice:
    """Everything the sample leaves to chance, in the order in which it is asked for."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)  # noqa: S311 -- nothing here is secret

    def below(self, limit: int) -> int:
        return int(self._random.random() * limit)

    def chance(self, share: float) -> bool:
        return self._random.random() < share

    def pick(self, ones: Sequence[One]) -> One:
        return ones[self.below(len(ones))]

    def draw(self, ones: Sequence[One], count: int) -> list[One]:
        """So many different ones, in random order."""
        keyed = sorted((self._random.random(), place) for place in range(len(ones)))
        return [ones[place] for _, place in keyed[:count]]

    def fill(self, pattern: str) -> str:
        """Every `#` becomes a digit."""
        return "".join(str(self.below(10)) if one == "#" else one for one in pattern)
