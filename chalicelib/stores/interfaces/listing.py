"""What stores that keep lists give back: one numbered page of a list, and what became of a write that is counted."""

from dataclasses import dataclass
from enum import Enum
from typing import Generic, TypeVar

T_co = TypeVar("T_co", covariant=True)


@dataclass(frozen=True, slots=True)
class Listing(Generic[T_co]):
    """One numbered page of a list, with the length of the whole list."""

    entries: tuple[T_co, ...]
    total: int
    """How many entries there are on all pages."""


class Counted(Enum):
    """What became of a write that is counted together with others, in one step with its counter."""

    DONE = "done"
    REFUSED = "refused"
    """Nothing was written: what is stored does not allow it, such as an id that is taken."""
    FULL = "full"
    """Nothing was written: there are as many as there may be."""
