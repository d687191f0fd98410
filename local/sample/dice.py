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
        """Returns a whole number from 0 to below the limit."""
        return int(self._random.random() * limit)

    def chance(self, share: float) -> bool:
        """Returns True for this share of the calls."""
        return self._random.random() < share

    def pick(self, ones: Sequence[One]) -> One:
        """Returns one of them."""
        return ones[self.below(len(ones))]

    def draw(self, ones: Sequence[One], count: int) -> list[One]:
        """Returns `count` different ones, in random order."""
        keyed = sorted((self._random.random(), place) for place in range(len(ones)))
        return [ones[place] for _, place in keyed[:count]]

    def fill(self, pattern: str) -> str:
        """Returns the pattern with a digit for every `#`."""
        return "".join(str(self.below(10)) if one == "#" else one for one in pattern)
