"""One numbered page of a list, as every store that is listed by page gives it back."""

from dataclasses import dataclass
from typing import Generic, TypeVar

T_co = TypeVar("T_co", covariant=True)


@dataclass(frozen=True, slots=True)
class Listing(Generic[T_co]):
    """One numbered page of a list, with the length of the whole list."""

    entries: tuple[T_co, ...]
    total: int
    """How many entries there are on all pages."""
